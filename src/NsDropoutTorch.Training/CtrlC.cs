using System.Runtime.InteropServices;

namespace NsDropoutTorch.Training;

/// <summary>
/// Turns the first Ctrl+C (SIGINT, or SIGTERM) into a cancellation, so that training finishes its step and saves; the second ends the process at once.
/// </summary>
public sealed class CtrlC : IDisposable
{
    /// <summary>What a process ended by Ctrl+C returns: 128 + SIGINT, as shells count.</summary>
    public const int ExitCode = 130;

    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration interrupt;
    private readonly PosixSignalRegistration terminate;

    /// <summary>Listens until disposed.</summary>
    public CtrlC()
    {
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Press);
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Press);
    }

    /// <summary>Cancelled by the first press.</summary>
    public CancellationToken Token => source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        interrupt.Dispose();
        terminate.Dispose();
        source.Dispose();
    }

    // A signal that is not cancelled here does what the system does with it: the process ends.
    private void Press(PosixSignalContext context)
    {
        context.Cancel = !source.IsCancellationRequested;
        source.Cancel();
    }
}
