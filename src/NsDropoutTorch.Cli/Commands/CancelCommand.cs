using System.CommandLine;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Slurm;

namespace NsDropoutTorch.Cli.Commands;

/// <summary><c>nsdropout cancel DIR</c>: takes the tasks of a sweep from Slurm. What is finished stays, and what runs is saved.</summary>
internal static class CancelCommand
{
    public static Command Create(CliHost host)
    {
        var folder = SweepFolder.Argument();
        var command = new Command("cancel", "Ends the tasks of compare --engine slurm that wait or run; finished runs stay, and the compare command, given again, goes on from there.") { folder };
        command.SetAction(parsed =>
        {
            var results = parsed.GetRequiredValue(folder);
            SweepFolder.PlanIn(results);
            host.Output.WriteLine(Cancel(results));
            return ExitCode.Success;
        });
        return command;
    }

    private static string Cancel(string results)
    {
        var own = SlurmJobs.Read(results).Numbers.ToHashSet();
        var jobs = SlurmCluster.Queue().Select(entry => entry.Job).Where(own.Contains).Distinct().Order().ToArray();
        if (jobs.Length == 0)
        {
            return $"No task of '{results}' waits or runs.";
        }

        // Tasks look for it before they ask to be queued again.
        File.WriteAllText(Path.Combine(results, SlurmScripts.CancelledName), "");
        SlurmCluster.Cancel(jobs);
        return $"Cancelled: {(jobs.Length == 1 ? "job" : "jobs")} {string.Join(", ", jobs.Select(job => Invariant($"{job}")))}. Finished runs stay; the compare command, given again, goes on.";
    }
}
