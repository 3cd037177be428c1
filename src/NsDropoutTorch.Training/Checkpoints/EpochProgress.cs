using System.Diagnostics;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>How far the current epoch has come; a checkpoint may be taken, and resumed, between any two steps.</summary>
internal sealed class EpochProgress(Device device) : IDisposable
{
    private double secondsBefore;
    private long? started;

    public EpochMeter Meter { get; } = new(device);

    /// <summary>Steps finished in the current epoch; 0 between epochs.</summary>
    public int Step { get; set; }

    /// <summary>Wall-clock time of the epoch without pauses, also of its part before an interruption.</summary>
    public double Seconds => Step == 0 ? 0 : secondsBefore + (started is { } since ? Stopwatch.GetElapsedTime(since).TotalSeconds : 0);

    /// <summary>Begins an epoch, or goes on with one resumed.</summary>
    public void Begin()
    {
        if (Step == 0)
        {
            secondsBefore = 0;
            Meter.Reset();
        }

        GoOn();
    }

    /// <summary>Stops the clock for what is no training.</summary>
    public void Pause() => (secondsBefore, started) = (Seconds, null);

    /// <summary>Starts the clock again.</summary>
    public void GoOn() => started = Stopwatch.GetTimestamp();

    public void End() => (Step, started) = (0, null);

    public void Resume(int step, double seconds) => (Step, secondsBefore) = (step, seconds);

    public void Dispose() => Meter.Dispose();
}
