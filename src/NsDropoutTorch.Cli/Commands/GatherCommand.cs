using System.CommandLine;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Sweeps;
using NsDropoutTorch.Experiments;

namespace NsDropoutTorch.Cli.Commands;

/// <summary><c>nsdropout gather DIR</c>: makes results and reports of the runs that tasks of a cluster have finished.</summary>
internal static class GatherCommand
{
    public static Command Create(CliHost host)
    {
        var folder = SweepFolder.Argument();
        var command = new Command("gather", $"Makes {ResultsJson.FileName} and the report of what run-unit has finished; missing runs are named, and the exit code is 1.") { folder };
        command.SetAction(parsed =>
        {
            var results = parsed.GetRequiredValue(folder);
            var outcome = Gathering.Gather(SweepFolder.PlanIn(results), Path.GetFullPath(results));
            foreach (var experiment in outcome.Results)
            {
                host.Output.WriteLine($"Results are in {Path.Combine(Path.GetFullPath(results), experiment.Name, ResultsJson.FileName)}.");
            }

            return outcome.Missing is { } missing ? throw new FailureException(missing) : ExitCode.Success;
        });
        return command;
    }
}

/// <summary>A folder of results that <c>compare --engine slurm</c> has planned.</summary>
internal static class SweepFolder
{
    public static Argument<string> Argument() => new("DIR") { Description = "Folder of compare --engine slurm --out." };

    /// <exception cref="FailureException">There is no plan.</exception>
    public static SweepPlan PlanIn(string results) => SweepPlan.Find(results)
        ?? throw new FailureException($"DIR must hold {SweepPlan.FileName}, but '{results}' has none; nsdropout compare --engine slurm --out DIR writes one.");
}
