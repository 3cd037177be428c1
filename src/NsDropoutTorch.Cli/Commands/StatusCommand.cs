using System.CommandLine;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Slurm;

namespace NsDropoutTorch.Cli.Commands;

/// <summary><c>nsdropout status DIR</c>: how far a sweep on a cluster is, and how to go on.</summary>
internal static class StatusCommand
{
    private const int MostNamed = 20;

    public static Command Create(CliHost host)
    {
        var folder = SweepFolder.Argument();
        var command = new Command("status", "Says how many runs of compare --engine slurm are done, running, waiting, failed or missing, what the failed ones said, and how to go on.") { folder };
        command.SetAction(parsed =>
        {
            Show(parsed.GetRequiredValue(folder), host);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Show(string results, CliHost host)
    {
        var plan = SweepFolder.PlanIn(results);
        var jobs = SlurmJobs.Read(results);
        var queue = jobs.Arrays.Count == 0 ? [] : SlurmCluster.Queue();
        var units = UnitStatus.Of(plan, jobs, queue, results);
        var counts = Enum.GetValues<UnitState>().Select(state => Invariant($"{units.Count(unit => unit.State == state)} {state.ToString().ToLowerInvariant()}"));
        host.Output.WriteLine(Invariant($"{units.Count} runs: {string.Join(", ", counts)}."));
        var own = jobs.Numbers.ToHashSet();
        var active = queue.Select(entry => entry.Job).Where(own.Contains).Distinct().Order().ToArray();
        if (own.Count > 0)
        {
            host.Output.WriteLine($"Jobs: {string.Join(", ", own.Order().Select(job => Invariant($"{job}")))}{(active.Length == 0 ? "; none waits or runs" : $"; {string.Join(", ", active.Select(job => Invariant($"{job}")))} {(active.Length == 1 ? "waits or runs" : "wait or run")}")}.");
        }

        if (QueuedTask.HeldLine(queue.Where(entry => own.Contains(entry.Job))) is { } held)
        {
            host.Output.WriteLine(held);
        }

        foreach (var unit in units.Where(unit => unit.State is UnitState.Failed).Take(MostNamed))
        {
            host.Output.WriteLine($"Failed: {plan.NameOf(unit.Unit)}. {unit.LastWords() ?? "It said nothing"} ({unit.Log})");
        }

        host.Output.WriteLine(HowToGoOn(results, units, active.Length > 0));
    }

    private static string HowToGoOn(string results, IReadOnlyList<UnitStatus> units, bool isActive) =>
        units.All(unit => unit.State is UnitState.Done) ? $"All are done; nsdropout gather {SlurmScripts.Quoted(results)} makes the results, where no job has."
        : isActive ? $"To stop them: nsdropout cancel {SlurmScripts.Quoted(results)}."
        : "To go on, give the compare command again: it submits what has no result, and that alone.";
}
