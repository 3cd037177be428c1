using System.Text.Json.Nodes;
using NsDropoutTorch.Cli.Hosting;

namespace NsDropoutTorch.Cli.Tests;

/// <summary>A run that diverged is no result, in no table, document, process or later command.</summary>
public sealed class DivergedComparisonTests
{
    private const string Failure = "Every training must stay finite to have a result, but 2 of 2 runs diverged; a lower --lr is the first thing to try.\n";

    private static readonly string[] Diverging =
    [
        "compare", "--dataset", "optdigits", "--epochs", "3", "--hidden", "16", "--batch-size", "1000", "--threads", "1", "--device", "cpu",
        "--layers", "none,nsdropout", "--lr", "1e30",
    ];

    [Fact]
    public void Run_Diverging_ShowsNoResultAndFails()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run([.. Diverging, "--quiet", "--out", "results"]);

        Assert.Equal((1, Failure), (outcome.ExitCode, outcome.Error));
        Assert.Matches(@"none +│ +– │ +diverged │", outcome.Output);
        Assert.Contains("nsdropout has no verdict", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("is clean", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", outcome.Output, StringComparison.Ordinal);
        AssertDiverged(File.ReadAllText(sandbox["results/results.json"]));
        Assert.Contains("Not every training came to a result", File.ReadAllText(sandbox["results/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_DivergingWithJson_PrintsTheDocumentAndFails()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run([.. Diverging, "--quiet", "--json"]);

        Assert.Equal((1, Failure), (outcome.ExitCode, outcome.Error));
        AssertDiverged(outcome.Output);
    }

    [Fact]
    public void Run_DivergingInWorkersAndOnContinuation_FailsTheSameWay()
    {
        using var sandbox = new Sandbox();

        var workers = Cli.Run([.. Diverging, "--jobs", "2", "--out", "results"]);
        var written = File.ReadAllText(sandbox["results/results.json"]);
        var again = Cli.Run([.. Diverging, "--out", "results"]);

        Assert.Equal((1, 1), (workers.ExitCode, again.ExitCode));
        Assert.Matches(@"\A1/2 (none|nsdropout), seed 22  diverged  \d+\.\d s\n2/2 ", workers.Error);
        Assert.EndsWith(Failure, workers.Error, StringComparison.Ordinal);
        Assert.StartsWith("2 of 2 runs were finished before and are kept.\n", again.Error, StringComparison.Ordinal);
        Assert.EndsWith(Failure, again.Error, StringComparison.Ordinal);
        AssertDiverged(written);
        AssertDiverged(File.ReadAllText(sandbox["results/results.json"]));
    }

    [Fact]
    public void Report_OfADivergedComparison_SaysSo()
    {
        using var sandbox = new Sandbox();
        Cli.Run([.. Diverging, "--quiet", "--out", "results"]);
        File.Delete(sandbox["results/report.html"]);

        var outcome = Cli.Run("report", "results");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("Not every training came to a result", File.ReadAllText(sandbox["results/report.html"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none-22")]
    [InlineData("nsdropout-22")]
    public void Audit_OfADivergedNetwork_HasNoVerdictAndFails(string model)
    {
        using var sandbox = new Sandbox();
        Cli.Run([.. Diverging, "--quiet", "--out", "results"]);

        string[] command = ["audit", "--checkpoint", $"results/models/{model}.ckpt", "--device", "cpu", "--quiet"];
        var table = Cli.Run(command);
        var json = Cli.Run([.. command, "--json"]);

        const string Sentence = "A network must have come of a training that stayed finite to be audited, but this one diverged.\n";
        Assert.Equal((1, Sentence), (table.ExitCode, table.Error));
        Assert.Contains("has no verdict: it diverged with seed 22 in epoch 1 (", table.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", table.Output, StringComparison.Ordinal);
        Assert.Equal((1, Sentence), (json.ExitCode, json.Error));
        var audit = JsonNode.Parse(json.Output)!;
        Assert.Null(audit["verdict"]);
        Assert.Null(audit["testError"]);
        Assert.Equal(22, (long)audit["diverged"]![0]!["seed"]!);
    }

    [Fact]
    public void Run_PresetThatDiverges_NamesTheExperiment()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run("compare", "--preset", "spiral", "--epochs", "2", "--lr", "1e30", "--layers", "none", "--device", "cpu", "--quiet");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("• spiral-64: none diverged with seed 22 in epoch ", outcome.Output, StringComparison.Ordinal);
        Assert.Matches(@"spiral-64 +│ none +│ test error +│ +9\.00 % │ +– │ +diverged │", outcome.Output);
    }

    private static void AssertDiverged(string json)
    {
        var document = JsonNode.Parse(json)!;
        foreach (var run in document["runs"]!.AsArray())
        {
            Assert.InRange((int)run!["diverged"]!["epoch"]!, 0, 1);
            Assert.NotEqual("", (string)run["diverged"]!["what"]!);
            Assert.True(run["testError"] is null && run["testErrorLabelMask"] is null && run["maskFollowingRate"] is null && run["testLoss"] is null && run["audit"] is null);
        }

        Assert.Empty(document["comparisons"]!.AsArray());
        Assert.All(document["audits"]!.AsArray(), audit => Assert.Null(audit!["verdict"]));
    }
}
