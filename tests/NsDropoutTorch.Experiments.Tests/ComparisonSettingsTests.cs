namespace NsDropoutTorch.Experiments.Tests;

public sealed class ComparisonSettingsTests
{
    private static readonly ComparisonSettings Valid = new() { Dataset = "some" };

    [Fact]
    public void Defaults_AreThoseOfTheReferenceNotebooks()
    {
        Assert.Equal(["none", "dropout", "nsdropout"], Valid.Layers);
        Assert.Equal(("reference", "mlp", 0.2, 180), (Valid.Protocol, Valid.Model, Valid.P, Valid.Epochs));
        Assert.Equal([22L], Valid.Seeds);
        Assert.Equal([128, 128, 128], Valid.Hidden);
        Assert.Null(Valid.BatchSize);
        Assert.Equal((0.005, 5e-7, 1e-7, 5e-4, 0.01), (Valid.LearningRate, Valid.Decay, Valid.AdamEps, Valid.FirstLayerL2, Valid.InitialStd));
    }

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
        { "hidden must hold at least one width, but got none.", () => Valid with { Hidden = [] } },
        { "each width of hidden must be at least 1, but got 0.", () => Valid with { Hidden = [8, 0] } },
        { "learning rate must be a finite number above 0, but got 0.", () => Valid with { LearningRate = 0 } },
        { "model must be one of mlp, but got 'cnn'; the nearest is 'mlp'.", () => Valid with { Model = "cnn" } },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Set_Broken_SaysTheRuleAndTheValue(string sentence, Func<ComparisonSettings> make) =>
        Assert.Equal(sentence, Assert.Throws<ArgumentException>(make).Message);
}
