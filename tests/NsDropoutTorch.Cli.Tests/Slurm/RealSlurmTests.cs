using System.Diagnostics;
using System.Text.Json.Nodes;

namespace NsDropoutTorch.Cli.Tests.Slurm;

/// <summary>Sweeps on a real Slurm give the bits of this machine, whatever happens to their tasks.</summary>
public sealed class RealSlurmTests(SlurmHere slurm) : IClassFixture<SlurmHere>
{
    private const int Runs = 24;

    private static readonly string[] Compare =
    [
        "compare", "--dataset", "optdigits", "--layers", "none,dropout,nsdropout", "--seeds", "22..29", "--hidden", "16", "--batch-size", "200", "--threads", "1", "--device", "cpu",
    ];

    private static readonly string[] Short = [.. Compare, "--epochs", "2"];

    [SlurmFact]
    public void Run_24Runs_GiveTheBitsOfTheLocalEngine()
    {
        using var sandbox = new Sandbox();
        Assert.Equal(0, Cli.Run([.. Short, "--quiet", "--out", "local"]).ExitCode);

        var outcome = Cli.Run([.. Short, "--engine", "slurm", "--slurm-group", "4", "--slurm-time", "1:00:00", "--slurm-parallel", "3", "--wait", "--out", "slurm"]);

        Assert.True(outcome.ExitCode == 0, outcome.Error + Logs(sandbox["slurm"]));
        AssertSame(sandbox, "slurm");
        AssertNothingStray(sandbox["slurm"]);
        Assert.Contains("optdigits, reference protocol, 2 epochs, 8 seeds", outcome.Output, StringComparison.Ordinal);
        Assert.StartsWith($"{Runs} runs: {Runs} done, 0 running, 0 waiting, 0 failed, 0 missing.\n", Cli.Run("status", "slurm").Output, StringComparison.Ordinal);
        // The local engine finds nothing left to do, and adds to what Slurm has done.
        var more = Cli.Run([.. Short.Select(word => word == "22..29" ? "22..30" : word), "--out", "slurm"]);
        Assert.True(more.ExitCode == 0, more.Error);
        Assert.StartsWith("24 of 27 runs were finished before and are kept.", more.Error, StringComparison.Ordinal);
    }

    [SlurmFact(isLong: true)]
    public void Run_TasksKilledSignalledAndQueuedAgainAndTheNodeSetDown_GiveTheBitsOfTheLocalEngine()
    {
        using var sandbox = new Sandbox();
        string[] compare = [.. Compare, "--epochs", "25"];
        string[] submit = [.. compare, "--engine", "slurm", "--slurm-group", "6", "--slurm-requeues", "20", "--out", "slurm"];
        var folder = sandbox["slurm"];

        var submitted = Cli.Run(submit);
        Assert.True(submitted.ExitCode == 0, submitted.Error);
        var job = JobsOf(folder).Single();
        Molest(folder, job);
        SlurmHere.Until(() => SlurmHere.Slurm("squeue", "--noheader").Length == 0, "all jobs have ended", slurm.Hurry);
        Assert.Equal(0, Cli.Run([.. compare, "--quiet", "--jobs", "2", "--out", "local"]).ExitCode);

        Assert.True(Finished(folder) == Runs, Cli.Run("status", "slurm").Output + Logs(folder) + File.ReadAllText(Path.Combine(slurm.Folder, "slurmctld.log")));
        AssertSame(sandbox, "slurm");
        AssertNothingStray(folder);
    }

    [SlurmFact]
    public void Cancel_RunningSweep_SavesWhatRunsAndTheSameCommandGoesOn()
    {
        using var sandbox = new Sandbox();
        string[] compare = ["compare", "--dataset", "optdigits", "--layers", "none", "--seeds", "1,2", "--hidden", "16", "--threads", "1", "--device", "cpu"];
        string[] submit = [.. compare, "--engine", "slurm", "--slurm-group", "2", "--out", "slurm"];
        Assert.Equal(0, Cli.Run([.. submit, "--epochs", "100000"]).ExitCode);
        SlurmHere.Until(() => SlurmHere.Units(sandbox["slurm"]).Length > 0, "a unit runs");
        SlurmHere.Until(() => Directory.Exists(sandbox["slurm/sweep/checkpoints"]), "it trains");

        var changed = Cli.Run([.. submit, "--epochs", "1"]);
        var cancelled = Cli.Run("cancel", "slurm");
        SlurmHere.Until(() => SlurmHere.Slurm("squeue", "--noheader").Length == 0, "the tasks have ended");

        Assert.Equal(1, changed.ExitCode);
        Assert.StartsWith("A plan can be changed when none of its tasks waits or runs, but 1 of ", changed.Error, StringComparison.Ordinal);
        Assert.Equal(0, cancelled.ExitCode);
        Assert.StartsWith("Cancelled: jobs ", cancelled.Output, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(sandbox["slurm/sweep/checkpoints"], "none-1.ckpt", SearchOption.AllDirectories));
        var status = Cli.Run("status", "slurm").Output;
        Assert.StartsWith("2 runs: 0 done, 0 running, 0 waiting, 2 failed, 0 missing.\n", status, StringComparison.Ordinal);
        Assert.EndsWith("To go on, give the compare command again: it submits what has no result, and that alone.\n", status, StringComparison.Ordinal);
        Assert.Equal("No task of 'slurm' waits or runs.\n", Cli.Run("cancel", "slurm").Output);
    }

    [SlurmFact]
    public void Run_ScriptThatAsksForOtherCores_IsRefusedOnceAndMissingRunsAreNamed()
    {
        using var sandbox = new Sandbox();
        string[] submit = ["compare", "--dataset", "optdigits", "--layers", "none", "--epochs", "1", "--hidden", "4", "--threads", "1", "--device", "cpu", "--engine", "slurm", "--out", "slurm"];
        Assert.Equal(0, Cli.Run([.. submit, "--dry-run"]).ExitCode);
        var script = sandbox["slurm/sweep/array.sbatch"];
        File.WriteAllText(script, File.ReadAllText(script).Replace("--cpus-per-task=1\n", "--cpus-per-task=2\n", StringComparison.Ordinal));

        var outcome = Cli.Run([.. submit, "--wait"]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("array.sbatch was edited and is kept; delete it to have it written anew.\n", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith("but 1 of 1 is missing (none, seed 22); nsdropout status says why, and the compare command, given again, carries out these alone.\n", outcome.Error, StringComparison.Ordinal);
        var log = Logs(sandbox["slurm"]);
        Assert.Single(log.Split('\n'), line => line.StartsWith("A task must have as many cores as its plan has threads, 1, as figures depend on them, but SLURM_CPUS_PER_TASK is 2;", StringComparison.Ordinal));
        Assert.Contains("Failed: none, seed 22. ", Cli.Run("status", "slurm").Output, StringComparison.Ordinal);
    }

    // One after the other, each in the middle of a training: a signal to save, a kill, a task queued again, the node set down and back.
    private void Molest(string folder, long job)
    {
        var node = SlurmHere.Slurm("sinfo", "--noheader", "--format=%n").Trim();
        Action[] acts =
        [
            () => SlurmHere.Slurm("scancel", "--signal=USR1", $"{job}"),
            () => Array.ForEach(SlurmHere.Units(folder), Kill),
            () => SlurmHere.Slurm("scontrol", "requeue", $"{job}_{Running(job)}"),
            () =>
            {
                SlurmHere.Slurm("scontrol", "update", $"NodeName={node}", "State=DOWN", "Reason=test");
                SlurmHere.Until(() => !SlurmHere.IsBusy(), "the node has ended its tasks");
                SlurmHere.Slurm("scontrol", "update", $"NodeName={node}", "State=RESUME");
            },
        ];
        foreach (var (number, act) in acts.Index())
        {
            var done = Finished(folder);
            SlurmHere.Until(() => Finished(folder) > done && SlurmHere.Units(folder).Length > 0 && Running(job) is not null, $"something can be done to a task ({number})", slurm.Hurry);
            Assert.True(Finished(folder) < Runs, $"All ended before act {number}.");
            act();
        }

        // The signal came amid a run, which was saved.
        SlurmHere.Until(() => Logs(folder).Contains("Stopped by a signal; the run was saved", StringComparison.Ordinal), "a task says that it was stopped", slurm.Hurry);
    }

    private static string? Running(long job) => SlurmHere.Slurm("squeue", "--noheader", "--array", "--states=RUNNING", "--format=%K", $"--job={job}").Split('\n')[0] is { Length: > 0 } task ? task : null;

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It has just ended.
        }
    }

    private static int Finished(string folder) => Directory.GetFiles(Path.Combine(folder, "runs"), "*.json").Length;

    private static IEnumerable<long> JobsOf(string folder) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "sweep", "jobs.json")))!["arrays"]!.AsArray().Select(array => (long)array!["job"]!);

    private static string Logs(string folder) => string.Concat(Directory.GetFiles(Path.Combine(folder, "sweep", "logs")).Order(StringComparer.Ordinal).Select(File.ReadAllText));

    private static void AssertSame(Sandbox sandbox, string other)
    {
        var (own, others) = (RunsOf(sandbox["local/results.json"]), RunsOf(sandbox[$"{other}/results.json"]));
        Assert.Equal(own.Keys, others.Keys);
        Assert.All(own, run => Assert.Equal(run.Value, others[run.Key]));
        Assert.Equal(ResultsDocument.WithoutTimes(File.ReadAllText(sandbox["local/results.json"])), ResultsDocument.WithoutTimes(File.ReadAllText(sandbox[$"{other}/results.json"])));
        var models = Directory.GetFiles(sandbox["local/models"]);
        Assert.Equal(Runs, models.Length);
        Assert.All(models, model => Assert.Equal(File.ReadAllBytes(model), File.ReadAllBytes(sandbox[$"{other}/models/{Path.GetFileName(model)}"])));
    }

    private static void AssertNothingStray(string folder)
    {
        string[] expected = [".nsdropout-files", "models", "report.html", "results.json", "runs", "sweep"];
        Assert.Equal(expected, Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["array.sbatch", "gather.sbatch", "jobs.json", "logs", "plan.json"], Directory.GetFileSystemEntries(Path.Combine(folder, "sweep")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(Runs, Directory.GetFileSystemEntries(Path.Combine(folder, "runs")).Length);
        Assert.Equal(Runs, Directory.GetFileSystemEntries(Path.Combine(folder, "models")).Length);
        Assert.Equal(2 * Runs, File.ReadLines(Path.Combine(folder, ".nsdropout-files")).Where(line => line.StartsWith("+ runs/", StringComparison.Ordinal) || line.StartsWith("+ models/", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>Each run without its times, by layer and seed.</summary>
    private static SortedDictionary<string, string> RunsOf(string path) => new(
        JsonNode.Parse(ResultsDocument.WithoutTimes(File.ReadAllText(path)))!["runs"]!.AsArray().ToDictionary(run => $"{run!["layer"]}-{run["seed"]}", run => run!.ToJsonString()), StringComparer.Ordinal);
}
