using System.Text.Json.Nodes;
using NsDropoutTorch.Cli.Hosting;

namespace NsDropoutTorch.Cli.Tests;

public sealed class PresetTests
{
    [Fact]
    public void Run_Spiral_PrintsPublishedBesideMeasuredAndWritesEachExperiment()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run("compare", "--preset", "spiral", "--epochs", "2", "--device", "cpu", "--quiet", "--out", "results");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("preset spiral, published beside measured", outcome.Output, StringComparison.Ordinal);
        Assert.Matches(@"spiral-64 +│ none +│ training error +│ +8\.50 % │ +\d+\.\d\d % │", outcome.Output);
        Assert.Matches(@"spiral-512 +│ dropout +│ test loss +│ +0\.397 │ +\d\.\d{3} │", outcome.Output);
        foreach (var (folder, hidden) in new[] { ("spiral-64", 64), ("spiral-512", 512) })
        {
            var document = JsonNode.Parse(File.ReadAllText(sandbox[$"results/{folder}/results.json"]))!;
            Assert.Equal((2, "final", hidden), ((int)document["settings"]!["epochs"]!, (string)document["settings"]!["protocol"]!, (int)document["settings"]!["hidden"]![0]!));
            Assert.Equal(4, document["published"]!["figures"]!.AsArray().Count);
            Assert.Contains("Published beside measured", File.ReadAllText(sandbox[$"results/{folder}/report.html"]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Run_Json_IsOneDocumentOfAllExperiments()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run("compare", "--preset", "spiral", "--epochs", "1", "--layers", "none", "--quiet", "--json");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var document = JsonNode.Parse(outcome.Output)!;
        Assert.Equal((1, "spiral"), ((int)document["schema"]!, (string)document["preset"]!));
        Assert.Equal(["spiral-64", "spiral-512"], document["experiments"]!.AsArray().Select(experiment => (string)experiment!["name"]!));
        Assert.Equal(0.09, (double)document["experiments"]![0]!["results"]!["published"]!["figures"]![2]!["value"]!);
    }

    [Fact]
    public void Run_DatasetOfAnotherPreset_NamesThoseOfThisOne()
    {
        var outcome = Cli.Run("compare", "--preset", "readme", "--dataset", "iris");

        Assert.Equal(
            (2, "--dataset must be one of the data sets of preset readme, mnist, fashion-mnist, cifar-10-batches, but got 'iris'.\n"),
            (outcome.ExitCode, outcome.Error));
    }
}
