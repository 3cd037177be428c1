using System.Text.Json.Nodes;

namespace NsDropoutTorch.Cli.Tests.Sweeps;

/// <summary><c>compare</c> with <c>--grid</c>, <c>--tune-by</c>, several data sets and layers whose rate is found, whichever engine carries the runs out.</summary>
public sealed class TunedSweepTests
{
    private static readonly string[] OneDataset =
    [
        "--dataset", "iris", "--train-samples", "100", "--protocol", "holdout", "--tune-by", "selection", "--epochs", "4", "--hidden", "16", "--threads", "1", "--device", "cpu",
        "--layers", "none,gap-matched", "--grid", "dropout:p=0.1..0.5/0.4,gaussian:p=0.1..0.5/0.4",
    ];

    private static readonly string[] Sweep = ["--dataset", "optdigits", .. OneDataset, "--seeds", "1..3"];

    [Fact]
    public void Compare_TwoDataSetsTunedOverAGrid_ChoosesOnTheSelectionPartWithAnyNumberOfJobs()
    {
        using var sandbox = new Sandbox();

        var one = Cli.Run(["compare", .. Sweep, "--quiet", "--out", "one"]);
        var two = Cli.Run(["compare", .. Sweep, "--quiet", "--jobs", "2", "--out", "two"]);

        Assert.Equal((0, "", 0, ""), (one.ExitCode, one.Error, two.ExitCode, two.Error));
        foreach (var dataset in new[] { "optdigits", "iris" })
        {
            Assert.Contains($"{dataset}, holdout protocol", one.Output, StringComparison.Ordinal);
            Assert.Equal(ResultsDocument.WithoutTimes(File.ReadAllText(sandbox[$"one/{dataset}/results.json"])), ResultsDocument.WithoutTimes(File.ReadAllText(sandbox[$"two/{dataset}/results.json"])));
            CheckTuned(Document(sandbox[$"one/{dataset}/results.json"]));
            Assert.Contains("<h2>Against dropout, rates chosen on the selection part</h2>", File.ReadAllText(sandbox[$"one/{dataset}/report.html"]), StringComparison.Ordinal);
        }

        Assert.Contains("• gaussian against dropout, n = 3 seeds", Flat(one.Output), StringComparison.Ordinal);
        Assert.Contains("• dropout with the rate that the selection part chooses for each seed", Flat(one.Output), StringComparison.Ordinal);
        Assert.DoesNotContain("• dropout:p=0.1 against none", Flat(one.Output), StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_JsonOfTwoDataSets_IsOneDocument()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run(["compare", .. Sweep, "--quiet", "--json"]);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var experiments = JsonNode.Parse(outcome.Output)!["experiments"]!.AsArray();
        Assert.Equal(["optdigits", "iris"], experiments.Select(experiment => (string)experiment!["name"]!));
        Assert.All(experiments, experiment => CheckTuned(experiment!["results"]!));
    }

    [Fact]
    public void Compare_SameCommandAgain_KeepsTheRunsAndChoosesAgain()
    {
        using var sandbox = new Sandbox();
        Assert.Equal(0, Cli.Run(["compare", .. Sweep, "--quiet", "--out", "results"]).ExitCode);
        var before = Document(sandbox["results/iris/results.json"])["tuned"]!.ToJsonString();

        var again = Cli.Run(["compare", .. Sweep, "--out", "results"]);

        Assert.Equal(0, again.ExitCode);
        Assert.StartsWith("18 of 18 runs were finished before and are kept.\n", again.Error, StringComparison.Ordinal);
        Assert.Equal(before, Document(sandbox["results/iris/results.json"])["tuned"]!.ToJsonString());
    }

    [LinuxFact]
    public void RunUnit_PlannedSweep_GathersTheResultsOfALocalOne()
    {
        using var sandbox = new Sandbox();
        string[] small = [.. OneDataset, "--seeds", "1"];
        Assert.Equal(0, Cli.Run(["compare", .. small, "--engine", "slurm", "--dry-run", "--out", "planned"]).ExitCode);
        for (var unit = 0; unit < 6; unit++)
        {
            Assert.Equal(0, Cli.Run("run-unit", "--plan", "planned/sweep/plan.json", "--index", $"{unit}").ExitCode);
        }

        Assert.Equal(0, Cli.Run("gather", "planned").ExitCode);
        Assert.Equal(0, Cli.Run(["compare", .. small, "--quiet", "--out", "local"]).ExitCode);

        Assert.Equal(ResultsDocument.WithoutTimes(File.ReadAllText(sandbox["local/results.json"])), ResultsDocument.WithoutTimes(File.ReadAllText(sandbox["planned/results.json"])));
        CheckTuned(Document(sandbox["planned/results.json"]));
    }

    [Fact]
    public void Report_Markdown_PrintsTheTableAndWritesNoPage()
    {
        using var sandbox = new Sandbox();
        Assert.Equal(0, Cli.Run(["compare", .. OneDataset, "--quiet", "--out", "results"]).ExitCode);
        File.Delete(sandbox["results/report.html"]);

        var outcome = Cli.Run("report", "results", "--markdown");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(["none", "gap-matched", "dropout", "gaussian"], outcome.Output.Split('\n')[2..6].Select(line => line.Split('|')[1].Trim()));
        Assert.False(File.Exists(sandbox["results/report.html"]));
    }

    private static void CheckTuned(JsonNode document)
    {
        var runs = document["runs"]!.AsArray();
        Assert.Equal(["dropout", "gaussian"], document["tuned"]!.AsArray().Select(tuned => (string)tuned!["layer"]!));
        foreach (var tuned in document["tuned"]!.AsArray())
        {
            foreach (var choice in tuned!["choices"]!.AsArray())
            {
                var rates = runs.Where(run => ((string)run!["layer"]!).StartsWith($"{tuned["layer"]}:p=", StringComparison.Ordinal) && (long)run["seed"]! == (long)choice!["seed"]!).ToArray();
                Assert.Equal(2, rates.Length);
                var best = rates.MinBy(run => (double)run!["history"]![(int)run["bestEpoch"]!]!["selectionError"]!)!;
                Assert.Equal(((double)best["p"]!, (double)best["testError"]!), ((double)choice!["p"]!, (double)choice["testError"]!));
            }
        }

        Assert.Equal(
            ["gap-matched/none", "dropout/none", "gaussian/none", "gap-matched/dropout", "gaussian/dropout"],
            document["tunedComparisons"]!.AsArray().Select(comparison => $"{comparison!["layer"]}/{comparison["baseline"]}"));
        Assert.All(runs, run => Assert.Equal((string)run!["layer"]! == "gap-matched", run["foundP"] is not null));
    }

    private static JsonNode Document(string path) => JsonNode.Parse(File.ReadAllText(path))!;

    private static string Flat(string output) => output.Replace("\n", " ", StringComparison.Ordinal);
}
