using System.Security.Cryptography;
using System.Text;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Sweeps;
using NsDropoutTorch.Experiments.Storage;

namespace NsDropoutTorch.Cli.Slurm;

/// <summary>Hands a sweep to Slurm: writes plan and scripts, submits what is missing, and waits for the results where that is asked for.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="host">The clock, and where notes go.</param>
internal sealed class SlurmEngine(SlurmOptions options, CliHost host) : ISweepEngine
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseWhereFull = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public SweepOutcome? Run(Sweep sweep)
    {
        if (!options.DryRun)
        {
            SlurmCluster.Require("sbatch");
        }

        var plan = SweepPlan.Of(sweep, DeviceOf(sweep), host);
        using var folder = OutputFolder.Claim(sweep.Out ?? throw new UsageException("--engine slurm must have a folder that all nodes see, but got no --out; name one."));
        var results = folder.FullPath;
        Gathering.Adopt(results);
        var before = SlurmJobs.Read(results);
        var busy = options.DryRun ? [] : TasksInQueue(before);
        CheckIdle(sweep, plan, results, busy.Count);
        Reserve(sweep, plan, folder);
        if (SweepPlan.Find(results) is not { } old || !old.IsSame(plan) || sweep.Force)
        {
            folder.Write(SweepPlan.FileName, plan.Format());
            before = SlurmJobs.None with { Scripts = before.Scripts };
        }

        var jobs = WriteScripts(folder, plan, before);
        var left = TasksLeft(plan, results, busy);
        if (options.DryRun)
        {
            ShowCommands(folder, left);
            return null;
        }

        File.Delete(Path.Combine(results, SlurmScripts.CancelledName));
        jobs = Submit(folder, plan, jobs, left);
        return options.Wait ? Wait(plan, results, jobs) : null;
    }

    // What "auto" would find is known on a node alone, and a plan says it before.
    private static string DeviceOf(Sweep sweep) => sweep.Device switch
    {
        "auto" => "cpu",
        "cuda" => "cuda:0",
        _ => sweep.Device,
    };

    private static void CheckIdle(Sweep sweep, SweepPlan plan, string results, int busy)
    {
        if (busy > 0 && (sweep.Force || SweepPlan.Find(results) is not { } old || !old.IsSame(plan)))
        {
            throw new FailureException(
                Invariant($"A plan can be changed when none of its tasks waits or runs, but {busy} of '{results}' do; wait for their end, or nsdropout cancel {SlurmScripts.Quoted(results)}."));
        }
    }

    private static void Reserve(Sweep sweep, SweepPlan plan, OutputFolder parent)
    {
        foreach (var (number, experiment) in plan.Experiments.Index())
        {
            using var folder = parent.Within(experiment.Name);
            var runs = plan.RunsOf(number);
            folder.Reserve(runs, sweep.Force);
            // Runs made with other settings are refused now, not by each task.
            new SharedRuns(folder.FullPath).Read(RunFingerprint.Parse(experiment.Fingerprint), runs);
            new SharedRuns(folder.FullPath).Prepare();
        }
    }

    private SlurmJobs WriteScripts(OutputFolder folder, SweepPlan plan, SlurmJobs jobs)
    {
        Directory.CreateDirectory(Path.Combine(folder.FullPath, SlurmScripts.LogsName));
        var scripts = new Dictionary<string, string>(jobs.Scripts, StringComparer.Ordinal);
        WriteScript(SlurmScripts.ArrayName, SlurmScripts.Array(plan, options, folder.FullPath));
        WriteScript(SlurmScripts.GatherName, SlurmScripts.Gather(options, folder.FullPath));
        var written = jobs with { Scripts = scripts };
        folder.Write(SlurmJobs.FileName, written.Format());
        return written;

        void WriteScript(string name, string text)
        {
            var path = Path.Combine(folder.FullPath, name);
            if (File.Exists(path) && scripts.GetValueOrDefault(name) is { } known && Hash(File.ReadAllText(path)) != known)
            {
                Note($"{path} was edited and is kept; delete it to have it written anew.");
                return;
            }

            folder.Write(name, text);
            scripts[name] = Hash(text);
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static HashSet<(long Job, int Task)> TasksInQueue(SlurmJobs jobs)
    {
        if (jobs.Arrays.Count == 0)
        {
            return [];
        }

        var arrays = jobs.Arrays.ToDictionary(array => array.Job);
        return [.. SlurmCluster.Queue().Where(entry => entry.Task is not null && arrays.ContainsKey(entry.Job)).Select(entry => (entry.Job, entry.Task!.Value + arrays[entry.Job].Offset))];
    }

    // A task that waits or runs is not handed over again.
    private int[] TasksLeft(SweepPlan plan, string results, HashSet<(long Job, int Task)> busy)
    {
        var inQueue = busy.Select(entry => entry.Task).ToHashSet();
        return [.. plan.MissingIn(results).Select(unit => unit.Index / options.Group).Distinct().Where(task => !inQueue.Contains(task)).Order()];
    }

    private SlurmJobs Submit(OutputFolder folder, SweepPlan plan, SlurmJobs jobs, int[] tasks)
    {
        var submission = new Submission(Path.Combine(folder.FullPath, SlurmScripts.ArrayName), options, Keep, WaitForRoom);
        if (tasks.Length > 0)
        {
            submission.Run(tasks, SlurmCluster.MaxArraySize());
        }

        var numbers = string.Join(':', jobs.Arrays.Select(array => Invariant($"{array.Job}")));
        string[] dependency = numbers.Length == 0 ? [] : [$"--dependency=afterany:{numbers}"];
        long? gatherer;
        while ((gatherer = SlurmCluster.Submit([.. dependency, Path.Combine(folder.FullPath, SlurmScripts.GatherName)])) is null)
        {
            WaitForRoom();
        }

        jobs = jobs with { Gatherers = [.. jobs.Gatherers, gatherer.Value] };
        folder.Write(SlurmJobs.FileName, jobs.Format());
        Note(Invariant($"{plan.Units.Count} runs, {tasks.Length} tasks handed to Slurm as {(numbers.Length == 0 ? "no job" : $"job {numbers.Replace(":", ", ", StringComparison.Ordinal)}")}; job {gatherer} gathers. nsdropout status {SlurmScripts.Quoted(folder.FullPath)} shows how far they are."));
        return jobs;

        void Keep(SubmittedArray array)
        {
            jobs = jobs with { Arrays = [.. jobs.Arrays, array] };
            folder.Write(SlurmJobs.FileName, jobs.Format());
        }
    }

    private void WaitForRoom()
    {
        Note(Invariant($"Slurm takes no more jobs at the moment; the next attempt is in {PauseWhereFull.TotalSeconds:F0} s. Ctrl+C ends this; what was handed over stays, and the same command hands over the rest."));
        Sleep(PauseWhereFull);
    }

    private void Sleep(TimeSpan time)
    {
        host.CancellationToken.WaitHandle.WaitOne(time);
        host.CancellationToken.ThrowIfCancellationRequested();
    }

    private SweepOutcome Wait(SweepPlan plan, string results, SlurmJobs jobs)
    {
        var numbers = jobs.Numbers.ToHashSet();
        string? said = null;
        while (SlurmCluster.Queue().Where(entry => numbers.Contains(entry.Job)).ToArray() is { Length: > 0 } queue)
        {
            if (QueuedTask.HeldLine(queue) is { } held && held != said)
            {
                Note(said = held);
            }

            Sleep(Pause);
        }

        // The job that gathers has done the same already, unless it could not.
        return Gathering.Gather(plan, results);
    }

    private void ShowCommands(OutputFolder folder, int[] tasks)
    {
        var array = new Submission(Path.Combine(folder.FullPath, SlurmScripts.ArrayName), options, _ => { }, () => { }).Arguments(0, tasks, null);
        host.Output.WriteLine($"Written: {Path.Combine(folder.FullPath, SweepPlan.FileName)}, {SlurmScripts.ArrayName} and {SlurmScripts.GatherName}. Nothing was called. To submit:");
        host.Output.WriteLine($"  sbatch --parsable {string.Join(' ', array.Select(SlurmScripts.Quoted))}");
        host.Output.WriteLine($"  sbatch --dependency=afterany:ID {SlurmScripts.Quoted(Path.Combine(folder.FullPath, SlurmScripts.GatherName))}");
    }

    private void Note(string text) => host.Error.WriteLine(text);
}
