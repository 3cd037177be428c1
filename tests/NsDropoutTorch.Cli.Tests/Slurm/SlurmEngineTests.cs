using System.Text.Json.Nodes;

namespace NsDropoutTorch.Cli.Tests.Slurm;

/// <summary>What the engine writes and says; the real thing is in <see cref="RealSlurmTests"/>.</summary>
public sealed class SlurmEngineTests
{
    private static readonly string[] Compare =
        ["compare", "--dataset", "optdigits", "--layers", "none,dropout", "--seeds", "1..4", "--epochs", "1", "--hidden", "4", "--device", "cpu", "--engine", "slurm", "--out", "results"];

    [LinuxFact]
    public void Run_DryRun_WritesPlanAndScriptsAndCallsNothing()
    {
        using var sandbox = new Sandbox();
        using var slurm = new FakeSlurm();

        var outcome = Cli.Run([.. Compare, "--slurm-time", "1:00:00", "--slurm-parallel", "3", "--slurm-group", "3", "--slurm-requeues", "7", "--slurm-grace", "60", "--slurm-arg=--partition=gpu", "--slurm-arg=--account=me", "--slurm-command", "apptainer exec x.sif nsdropout", "--threads", "2", "--dry-run"]);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Empty(slurm.Calls);
        var results = sandbox["results"];
        Assert.Equal(
            $"Written: {results}/sweep/plan.json, sweep/array.sbatch and sweep/gather.sbatch. Nothing was called. To submit:\n  sbatch --parsable --array=0-2%3 {results}/sweep/array.sbatch 0\n  sbatch --dependency=afterany:ID {results}/sweep/gather.sbatch\n",
            outcome.Output);
        var plan = JsonNode.Parse(File.ReadAllText(sandbox["results/sweep/plan.json"]))!;
        Assert.Equal((2, "cpu", 8), ((int)plan["threads"]!, (string)plan["device"]!, plan["units"]!.AsArray().Count));
        Assert.Equal((5, "dropout", 2L), ((int)plan["units"]![5]!["index"]!, (string)plan["units"]![5]!["layer"]!, (long)plan["units"]![5]!["seed"]!));
        Assert.Equal("optdigits", (string)plan["experiments"]![0]!["settings"]!["dataset"]!);
        var script = File.ReadAllText(sandbox["results/sweep/array.sbatch"]);
        Assert.All(
            ["--requeue", "--open-mode=append", "--signal=USR1@60", "--cpus-per-task=2", "--time=1:00:00", "--partition=gpu", "--account=me"],
            option => Assert.Contains($"\n#SBATCH {option}\n", script, StringComparison.Ordinal));
        Assert.Contains("apptainer exec x.sif nsdropout run-unit --plan \"$sweep/plan.json\" --index \"$index\" --count 3\n", script, StringComparison.Ordinal);
        Assert.Contains("-lt 7 ]", script, StringComparison.Ordinal);
        Assert.EndsWith($"exec apptainer exec x.sif nsdropout gather {results}\n", File.ReadAllText(sandbox["results/sweep/gather.sbatch"]), StringComparison.Ordinal);
        Assert.Equal(0, SlurmHere.Call("bash", "-n", sandbox["results/sweep/array.sbatch"]).ExitCode);
    }

    [LinuxFact]
    public void Run_WithoutSlurm_SaysInOneSentenceWhatIsMissing()
    {
        using var sandbox = new Sandbox();
        var path = Environment.GetEnvironmentVariable("PATH");
        try
        {
            Environment.SetEnvironmentVariable("PATH", sandbox.Folder);

            var outcome = Cli.Run(Compare);

            Assert.Equal((1, "", "Slurm's commands must be on the PATH, but sbatch is not; give this command on a login node of the cluster, or take --engine local.\n"), (outcome.ExitCode, outcome.Output, outcome.Error));
            Assert.False(Directory.Exists(sandbox["results"]));
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    [LinuxFact]
    public void Run_Twice_HandsOverWhatIsNeitherFinishedNorInTheQueue()
    {
        using var sandbox = new Sandbox();
        using var slurm = new FakeSlurm();
        Assert.Equal(0, Cli.Run(Compare).ExitCode);
        Assert.Equal(0, Cli.Run("run-unit", "--plan", "results/sweep/plan.json", "--index", "2", "--count", "2").ExitCode);
        slurm.Queue("1 5 PENDING\n1 6 RUNNING\n99 0 RUNNING\n");

        var again = Cli.Run(Compare);

        Assert.Equal(0, again.ExitCode);
        Assert.Equal(
            [$"sbatch --parsable --array=0-7 {sandbox["results/sweep/array.sbatch"]} 0", $"sbatch --parsable --dependency=afterany:1 {sandbox["results/sweep/gather.sbatch"]}",
             $"sbatch --parsable --array=0-1,4,7 {sandbox["results/sweep/array.sbatch"]} 0", $"sbatch --parsable --dependency=afterany:1:3 {sandbox["results/sweep/gather.sbatch"]}"],
            slurm.Calls);
        Assert.StartsWith("8 runs: 2 done, 1 running, 1 waiting, 4 failed, 0 missing.\nJobs: 1, 2, 3, 4; 1 waits or runs.\n", Cli.Run("status", "results").Output, StringComparison.Ordinal);
        Assert.Equal("Cancelled: job 1. Finished runs stay; the compare command, given again, goes on.\n", Cli.Run("cancel", "results").Output);
        Assert.Equal("scancel 1", slurm.Calls[^1]);
    }

    [LinuxFact]
    public void Status_HeldTasks_SaysWhyAndHowToReleaseThem()
    {
        using var sandbox = new Sandbox();
        using var slurm = new FakeSlurm();
        Assert.Equal(0, Cli.Run(Compare).ExitCode);
        slurm.Queue("1 5 PENDING launch failed requeued held\n1 6 PENDING JobHeldUser\n1 7 PENDING BeginTime\n99 0 PENDING JobHeldAdmin\n");

        Assert.Contains(
            "\nSlurm holds 1_5 (launch failed requeued held), 1_6 (JobHeldUser), and starts no held task by itself: scontrol release 1_5 1_6.\n", Cli.Run("status", "results").Output, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Run_ScriptThatWasEdited_IsKept()
    {
        using var sandbox = new Sandbox();
        using var slurm = new FakeSlurm();
        Cli.Run([.. Compare, "--dry-run"]);
        File.AppendAllText(sandbox["results/sweep/array.sbatch"], "# mine\n");

        var outcome = Cli.Run([.. Compare, "--dry-run", "--slurm-time", "9:00"]);

        Assert.Equal($"{sandbox["results/sweep/array.sbatch"]} was edited and is kept; delete it to have it written anew.\n", outcome.Error);
        Assert.EndsWith("# mine\n", File.ReadAllText(sandbox["results/sweep/array.sbatch"]), StringComparison.Ordinal);
        Assert.Contains("#SBATCH --time=9:00\n", File.ReadAllText(sandbox["results/sweep/gather.sbatch"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--wait must stand beside --engine slurm, but got it alone; add that, or leave it out.", "compare", "--wait")]
    [InlineData("--engine must be local or slurm, but got 'pbs'.", "compare", "--engine", "pbs")]
    [InlineData("--engine slurm must have a folder that all nodes see, but got no --out; name one.", "compare", "--engine", "slurm", "--dry-run", "--dataset", "optdigits")]
    [InlineData("A plan must be there as compare --engine slurm writes it, but 'plan.json' is not one (Could not find file '*plan.json').", "run-unit", "--plan", "plan.json", "--index", "0")]
    public void Run_OptionsThatMakeNoSense_ReturnTwo(string expected, params string[] command)
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run(command);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Matches($"^{System.Text.RegularExpressions.Regex.Escape(expected).Replace(@"\*", ".*", StringComparison.Ordinal)}\n$", outcome.Error);
    }

    [Fact]
    public void Status_FolderWithoutPlan_IsRefused()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run("status", ".");

        Assert.Equal((1, "DIR must hold sweep/plan.json, but '.' has none; nsdropout compare --engine slurm --out DIR writes one.\n"), (outcome.ExitCode, outcome.Error));
    }
}
