using System.Globalization;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;

namespace NsDropoutTorch.Training.Tests.Checkpoints;

/// <summary>
/// The test assembly as a program: the same run as in the tests, in a process that can be killed. It goes on where its folder allows, says each finished step
/// on a line, and writes its outcome into the folder.
/// </summary>
internal static class Child
{
    public const string OutcomeFile = "outcome.txt";

    public static TrainerOptions Options { get; } = Job.Options with { Epochs = 14 };

    public static int Steps => Options.Epochs * Job.StepsPerEpoch;

    public static TrainerOptions ResumedFrom(string folder) => Options with { ResumeFrom = folder };

    /// <summary>Saves as often as it can, so that being killed while saving is likely.</summary>
    public static ModelCheckpoint Checkpoints(string folder) => new(folder) { EverySteps = 1 };

    /// <summary>A run gives the same bits with the same number of threads.</summary>
    public static Outcome Run(string folder, IReadOnlyList<Callback> callbacks, CancellationToken cancellation = default)
    {
        var threads = torch.get_num_threads();
        torch.set_num_threads(1);
        try
        {
            return Job.Run(ResumedFrom(folder), callbacks, cancellation);
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    private static int Main(string[] args)
    {
        if (args is [NativeDefaultsChild.Argument, var when])
        {
            NativeDefaultsChild.Run(when);
            return 0;
        }

        var (folder, hangsWhenCancelled) = (args[0], args is [_, "hang"]);
        using var ctrlC = new CtrlC();
        try
        {
            var outcome = Run(folder, [Checkpoints(folder), new Announcer(), new Hanger(hangsWhenCancelled, ctrlC.Token)], ctrlC.Token);
            File.WriteAllText(Path.Combine(folder, OutcomeFile), outcome.State + outcome.History);
            return 0;
        }
        catch (OperationCanceledException e)
        {
            Console.Error.WriteLine(e.Message);
            return CtrlC.ExitCode;
        }
    }

    private sealed class Announcer : Callback
    {
        public override void OnFitBegin(FitContext context) => Say(context);

        public override void OnStepEnd(FitContext context) => Say(context);

        private static void Say(FitContext context) => Console.WriteLine(context.Iteration.ToString(CultureInfo.InvariantCulture));
    }

    private sealed class Hanger(bool hangs, CancellationToken cancellation) : Callback
    {
        public override void OnFitEnd(FitContext context)
        {
            if (hangs && cancellation.IsCancellationRequested)
            {
                Console.WriteLine("hangs");
                Thread.Sleep(Timeout.Infinite);
            }
        }
    }
}
