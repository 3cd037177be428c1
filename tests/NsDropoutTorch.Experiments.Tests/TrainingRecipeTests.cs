using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class TrainingRecipeTests
{
    private static readonly ComparisonSettings Settings = new() { Dataset = "some", Layers = ["none"], Hidden = [8], P = 0.4 };

    [Fact]
    public void For_Reference_ChangesNothingOfTheDefaults() => Assert.Equal(Settings, TrainingRecipe.For(Protocol.Reference).ApplyTo(Settings));

    [Theory]
    [InlineData("holdout", 100, 10)]
    [InlineData("final", 30, null)]
    public void For_OtherProtocols_IsWhatAPractitionerWouldTake(string protocol, int epochs, int? patience)
    {
        var settings = TrainingRecipe.For(Protocol.Find(protocol)).ApplyTo(Settings with { Protocol = Protocol.Find(protocol) });

        Assert.Equal((epochs, patience, 128, 0.001), (settings.Epochs, settings.Patience, settings.BatchSize, settings.LearningRate));
        Assert.Equal((0.0, 1e-8, 0.0, null, true), (settings.Decay, settings.AdamEps, settings.FirstLayerL2, settings.InitialStd, settings.Standardize));
        Assert.Equal(("practice", 0.4), (settings.Recipe, settings.P));
        Assert.Equal([8], settings.Hidden);
    }

    [Fact]
    public void Recipe_OtherNumberOfEpochs_IsTheSame() => Assert.Equal("notebooks", (Settings with { Epochs = 3, Seeds = [1, 2] }).Recipe);

    [Fact]
    public void Recipe_AnythingElse_IsOnesOwn() => Assert.Equal("own", (TrainingRecipe.Practice.ApplyTo(Settings) with { LearningRate = 0.002 }).Recipe);

    [Fact]
    public void Describe_SaysWhatIsTrainedBy()
    {
        Assert.Equal("recipe: the notebooks' (full batch, lr 0.005, weights 0.01·N(0,1), L2 0.0005)", TrainingRecipe.Describe(Settings));
        Assert.Equal(
            "recipe: practice (batches of 128, lr 0.001, TorchSharp's initialisation, inputs standardised, patience 10)",
            TrainingRecipe.Describe(TrainingRecipe.Practice.ApplyTo(Settings)));
        Assert.Equal("recipe: own (batches of 8, lr 0.005, weights 0.01·N(0,1), L2 0.0005)", TrainingRecipe.Describe(Settings with { BatchSize = 8 }));
    }
}
