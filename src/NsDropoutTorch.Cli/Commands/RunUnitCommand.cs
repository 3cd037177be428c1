using System.CommandLine;
using System.Runtime.InteropServices;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Sweeps;

namespace NsDropoutTorch.Cli.Commands;

/// <summary><c>nsdropout run-unit</c>: carries out runs of a plan by their index, as a task of a cluster does. Stopped by a signal, it saves the run and says so by its exit code.</summary>
internal static class RunUnitCommand
{
    // .NET has no name for it: 10 on Linux, 30 on macOS.
    private static readonly PosixSignal User1 = (PosixSignal)(OperatingSystem.IsMacOS() ? 30 : 10);

    public static Command Create(CliHost host)
    {
        var plan = new Option<string>("--plan") { HelpName = "FILE", Description = "plan.json, as compare --engine slurm writes it.", Required = true };
        var index = new ReadRequired("--index", "N", "Index of the run in the plan, from 0.", OptionReader.AtLeast(0));
        var count = OptionReader.Of("--count", "N", "Runs from there on, one after the other. [default: 1]", OptionReader.AtLeast(1));
        var every = OptionReader.Of("--checkpoint-every", "SECONDS", "How often a run is saved that no signal stops. [default: 300]", OptionReader.AtLeast(1));
        var command = new Command(
            "run-unit",
            Invariant($"Carries out a run of a plan: what a task of a cluster does. On SIGUSR1 and SIGTERM it saves the run and returns {ExitCode.Unfinished}; started again, it goes on to the same bits.")) { plan, index.Option, count, every };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(plan), index.Of(parsed), count.Or(parsed, 1), TimeSpan.FromSeconds(every.Or(parsed, 300)), host));
        return command;
    }

    private static int Run(string path, int first, int count, TimeSpan every, CliHost host)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(host.CancellationToken);
        using var user1 = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(User1, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        var plan = SweepPlan.Read(path);
        if (first >= plan.Units.Count)
        {
            throw new UsageException(Invariant($"--index must be below the number of runs in the plan, {plan.Units.Count}, but got {first}."));
        }

        var results = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(path)))!;
        try
        {
            new UnitRunner(plan, results, every, host).Run([.. plan.Units.Skip(first).Take(count)], stop.Token);
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            host.Error.WriteLine("Stopped by a signal; the run was saved and goes on from there when it is started again.");
            return ExitCode.Unfinished;
        }
    }

    private sealed class ReadRequired(string name, string helpName, string description, Func<string, string, int> read)
    {
        public ReadOption<int> Option { get; } = Required(OptionReader.Of(name, helpName, description, read));

        public int Of(ParseResult parsed) => parsed.GetRequiredValue(Option).Value;

        private static ReadOption<int> Required(ReadOption<int> option)
        {
            option.Required = true;
            return option;
        }
    }
}
