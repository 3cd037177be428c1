using System.Diagnostics;
using System.Text.Json.Nodes;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Sweeps;
using NsDropoutTorch.Cli.Tests.Slurm;

namespace NsDropoutTorch.Cli.Tests.Sweeps;

public sealed class RunUnitTests
{
    private static readonly string[] Settings = ["--dataset", "optdigits", "--layers", "none,nsdropout", "--seeds", "3", "--hidden", "16", "--threads", "1", "--device", "cpu"];

    [LinuxFact]
    public void RunUnit_SignalsAmidTheRun_SavesReturns75AndGoesOnToTheSameBits()
    {
        using var sandbox = new Sandbox();
        Plan("60");
        string[] unit = ["run-unit", "--plan", "results/sweep/plan.json", "--index", "1"];
        foreach (var signal in new[] { "USR1", "TERM" })
        {
            using var process = Workers.Program.Start(unit);
            Workers.Program.WaitUntil(() => HasTorch(process), process);
            Thread.Sleep(300);
            Assert.Equal(0, SlurmHere.Call("kill", $"-{signal}", $"{process.Id}").ExitCode);
            process.WaitForExit();
            Assert.True(process.ExitCode == ExitCode.Unfinished, $"{signal}: {process.ExitCode} {process.StandardError.ReadToEnd()}");
            Assert.NotEmpty(Directory.GetFiles(sandbox["results/sweep/checkpoints"], "nsdropout-3*.ckpt", SearchOption.AllDirectories));
        }

        Assert.Equal(0, Cli.Run(unit).ExitCode);
        Assert.Equal(0, Cli.Run("run-unit", "--plan", "results/sweep/plan.json", "--index", "0").ExitCode);
        var gathered = Cli.Run("gather", "results");
        Assert.Equal((0, $"Results are in {sandbox["results/results.json"]}.\n", ""), (gathered.ExitCode, gathered.Output, gathered.Error));
        Assert.Equal(0, Cli.Run(["compare", .. Settings, "--epochs", "60", "--quiet", "--out", "local"]).ExitCode);

        Assert.Equal(Runs(sandbox["local/results.json"]), Runs(sandbox["results/results.json"]));
        Assert.False(Directory.Exists(sandbox["results/sweep/checkpoints"]));
    }

    [LinuxFact]
    public void RunUnit_TwiceAtATime_EndsWithOneResult()
    {
        using var sandbox = new Sandbox();
        Plan("10");
        Process[] both = [Unit(), Unit()];

        Array.ForEach(both, process => process.WaitForExit());

        Assert.All(both, process => Assert.True(process.ExitCode == 0, process.StandardError.ReadToEnd()));
        Assert.Equal(["none-3.json"], Directory.GetFiles(sandbox["results/runs"]).Select(Path.GetFileName));
        Assert.Equal(["none-3.ckpt"], Directory.GetFiles(sandbox["results/models"]).Select(Path.GetFileName));
        Array.ForEach(both, process => process.Dispose());

        static Process Unit() => Workers.Program.Start("run-unit", "--plan", "results/sweep/plan.json", "--index", "0");
    }

    [Fact]
    public void Gather_RunsThatAreMissing_AreNamedAndTheExitCodeIsOne()
    {
        using var sandbox = new Sandbox();
        Plan("1");
        Assert.Equal(0, Cli.Run("run-unit", "--plan", "results/sweep/plan.json", "--index", "1").ExitCode);

        var outcome = Cli.Run("gather", "results");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal("Every run must be finished for the results to be whole, but 1 of 2 is missing (none, seed 3); nsdropout status says why, and the compare command, given again, carries out these alone.\n", outcome.Error);
        var document = JsonNode.Parse(File.ReadAllText(sandbox["results/results.json"]))!;
        Assert.Equal(["nsdropout"], document["runs"]!.AsArray().Select(run => (string)run!["layer"]!));
        Assert.Empty(document["comparisons"]!.AsArray());
    }

    [Fact]
    public void RunUnit_OtherDataThanPlanned_IsRefusedAsUsage()
    {
        using var sandbox = new Sandbox();
        File.WriteAllText(sandbox["a.csv"], string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 7},{i % 3}.5,{(i % 2 == 0 ? "yes" : "no")}\n")));
        Assert.Equal(0, Cli.Run("compare", "--dataset", "a.csv", "--header", "no", "--layers", "none", "--epochs", "1", "--engine", "slurm", "--dry-run", "--out", "results").ExitCode);
        File.AppendAllText(sandbox["a.csv"], "1,1.5,no\n");

        var outcome = Cli.Run("run-unit", "--plan", "results/sweep/plan.json", "--index", "0");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Matches("^A run must be carried out with what its plan says, data = .*, but here it is .*; give every node the same program and the same data, or plan anew with compare.\n$", outcome.Error);
    }

    [Theory]
    [InlineData("1", null, null, null)]
    [InlineData("1", "1", null, null)]
    [InlineData("1", "2", null, "A task must have as many cores as its plan has threads, 1, as figures depend on them, but SLURM_CPUS_PER_TASK is 2; ask for --cpus-per-task=1 in array.sbatch, or plan anew with --threads 2.")]
    [InlineData("2", null, null, "A task must have as many cores as its plan has threads, 2, as figures depend on them, but SLURM_CPUS_PER_TASK is 1; ask for --cpus-per-task=2 in array.sbatch, or plan anew with --threads 1.")]
    [InlineData("cuda", "1", "1", null)]
    [InlineData("cuda", "1", null, "A task of a plan for cuda:0 must have a GPU, but SLURM_GPUS_ON_NODE is not set; ask for --gres=gpu:1 in array.sbatch, or plan anew with --device cpu.")]
    public void Check_WhatSlurmGave_MustBeWhatThePlanSays(string threads, string? cores, string? gpus, string? refusal)
    {
        var plan = new SweepPlan(1, DateTimeOffset.UnixEpoch, threads == "cuda" ? "cuda:0" : "cpu", threads == "2" ? 2 : 1, null, [], []);
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["SLURM_JOB_ID"] = "7", ["SLURM_CPUS_PER_TASK"] = cores, ["SLURM_GPUS_ON_NODE"] = gpus };

        Assert.Equal(refusal, Record.Exception(() => TaskResources.Check(plan, environment.GetValueOrDefault))?.Message);
        TaskResources.Check(plan, _ => null);
    }

    private static void Plan(string epochs) => Assert.Equal(0, Cli.Run(["compare", .. Settings, "--epochs", epochs, "--engine", "slurm", "--dry-run", "--out", "results"]).ExitCode);

    // By then it listens to signals.
    private static bool HasTorch(Process process) => !process.HasExited && File.ReadAllText($"/proc/{process.Id}/maps").Contains("libtorch_cpu", StringComparison.Ordinal);

    private static string Runs(string path)
    {
        var document = JsonNode.Parse(File.ReadAllText(path))!;
        foreach (var run in document["runs"]!.AsArray())
        {
            Assert.True(run!.AsObject().Remove("trainSeconds") && run.AsObject().Remove("samplesPerSecond"));
        }

        return document["runs"]!.ToJsonString() + document["comparisons"]!.ToJsonString() + document["audits"]!.ToJsonString();
    }
}
