using System.Text.Json.Nodes;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Experiments.Layers;

namespace NsDropoutTorch.Cli.Tests;

public sealed class LayersCommandTests
{
    [Fact]
    public void Run_Table_DescribesEveryLayerAndOption()
    {
        var outcome = Cli.Run("layers");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.All(LayerCatalog.All, kind => Assert.Matches($@"│ {kind.Name} +│ +│ \S", outcome.Output));
        Assert.All(LayerCatalog.All.SelectMany(kind => kind.Options), option => Assert.Matches($@"│ +│ {option.Name} +│ \S", outcome.Output));
        Assert.Matches(@"│ +│ warmup +│ training steps .+│ a whole number of at least 0 +│ 0 +│", outcome.Output);
    }

    [Fact]
    public void Run_Json_HoldsTheSame()
    {
        var outcome = Cli.Run("layers", "--json");

        var layers = JsonNode.Parse(outcome.Output)!.AsArray();
        Assert.Equal(LayerCatalog.All.Select(kind => kind.Name), layers.Select(layer => (string)layer!["name"]!));
        Assert.Equal(["name", "summary", "readsLabels", "options"], layers[0]!.AsObject().Select(property => property.Key));
        var p = layers.Single(layer => (string)layer!["name"]! == "dropout")!["options"]![0]!;
        Assert.Equal(["name", "meaning", "values", "default"], p.AsObject().Select(property => property.Key));
        Assert.Equal(("p", "a number in [0, 1)", null), ((string)p["name"]!, (string)p["values"]!, (string?)p["default"]));
    }
}
