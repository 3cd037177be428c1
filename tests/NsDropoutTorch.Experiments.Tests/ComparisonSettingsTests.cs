using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Models;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class ComparisonSettingsTests
{
    private static readonly ComparisonSettings Valid = new() { Dataset = "some" };

    [Fact]
    public void Defaults_AreThoseOfTheReferenceNotebooks()
    {
        Assert.Equal<LayerSpecification>(["none", "dropout", "nsdropout:label-free=true", "nsdropout"], Valid.Layers);
        Assert.Equal((Protocol.Reference, ModelCatalog.Mlp, 0.2, 180), (Valid.Protocol, Valid.Model, Valid.P, Valid.Epochs));
        Assert.Equal([22L], Valid.Seeds);
        Assert.Equal([128, 128, 128], Valid.Hidden);
        Assert.Equal([1], Valid.After);
        Assert.Null(Valid.BatchSize);
        Assert.Equal((0.005, 5e-7, 1e-7, 5e-4, 0.01), (Valid.LearningRate, Valid.Decay, Valid.AdamEps, Valid.FirstLayerL2, Valid.InitialStd));
    }

    [Fact]
    public void Model_Other_BringsItsUsualHiddenLayers()
    {
        var cnn = Valid with { Model = ModelCatalog.Cnn };

        Assert.Equal([100], cnn.Hidden);
        Assert.Equal([2], cnn.After);
        Assert.Equal([50, 40], (cnn with { Hidden = [50, 40] }).Hidden);
        Assert.Equal([128, 128, 128], (cnn with { Hidden = [8], Model = ModelCatalog.Mlp } with { Hidden = null }).Hidden);
    }

    [Fact]
    public void Layers_SameNameOtherOptions_AreOtherLayers() =>
        Assert.Equal(
            ["dropout", "dropout:p=0.2", "dropout:p=0.5"],
            (Valid with { Layers = ["dropout", "dropout:p=0.20", " dropout:p=.5"] }).Layers.Select(layer => layer.ToString()));

    public static TheoryData<string, Func<ComparisonSettings>> Broken => new()
    {
        { "p must be in [0, 1), but got 1.", () => Valid with { P = 1 } },
        { "p must be in [0, 1), but got -0.1.", () => Valid with { P = -0.1 } },
        { "p must be in [0, 1), but got NaN.", () => Valid with { P = double.NaN } },
        { "epochs must be at least 1, but got 0.", () => Valid with { Epochs = 0 } },
        { "batch size must be at least 1, but got 0.", () => Valid with { BatchSize = 0 } },
        { "seeds must hold at least one value, but got none.", () => Valid with { Seeds = [] } },
        { "seeds must differ from each other, but got '5' twice.", () => Valid with { Seeds = [5, 6, 5] } },
        { "layers must differ from each other, but got 'none' twice.", () => Valid with { Layers = ["none", "none"] } },
        { "layers must differ from each other, but got 'dropout:p=0.5' twice.", () => Valid with { Layers = ["dropout:p=0.5", "dropout:p=0.50"] } },
        { "p of dropout must be a number in [0, 1), but got '2'.", () => Valid with { Layers = ["dropout:p=2"] } },
        { "after must hold at least one value, but got none.", () => Valid with { After = [] } },
        { "after must differ from each other, but got '2' twice.", () => Valid with { After = [2, 2] } },
        { "each number of after must be at least 1, but got 0.", () => Valid with { After = [0] } },
        { "hidden must hold at least one width, but got none.", () => Valid with { Hidden = [] } },
        { "each width of hidden must be at least 1, but got 0.", () => Valid with { Hidden = [8, 0] } },
        { "patience must be at least 1, but got 0.", () => Valid with { Patience = 0 } },
        { "training samples must be at least 1, but got 0.", () => Valid with { TrainSamples = 0 } },
        { "learning rate must be a finite number above 0, but got 0.", () => Valid with { LearningRate = 0 } },
        { "model must be one of mlp, cnn, rnn, cnn3d, embedding, but got 'mpl'; the nearest is 'mlp'.", () => Valid with { Model = ModelCatalog.Find("mpl") } },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Set_Broken_SaysTheRuleAndTheValue(string sentence, Func<ComparisonSettings> make) =>
        Assert.Equal(sentence, Assert.Throws<ArgumentException>(make).Message);
}
