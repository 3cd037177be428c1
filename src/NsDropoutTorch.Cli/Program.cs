using System.Runtime.InteropServices;
using NsDropoutTorch.Cli;

using var cancellation = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
return CommandLine.Run(args, new CliHost(Console.Out, Console.Error, TimeProvider.System, cancellation.Token) { Input = Console.In });

// A second Ctrl+C is left to the system, for whoever cannot wait for the current step.
void Cancel(PosixSignalContext context)
{
    context.Cancel = !cancellation.IsCancellationRequested;
    cancellation.Cancel();
}
