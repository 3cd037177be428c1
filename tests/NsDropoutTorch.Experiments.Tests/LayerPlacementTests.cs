using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Models;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class LayerPlacementTests
{
    private static readonly ComparisonSettings Settings = new() { Dataset = "some" };

    [Fact]
    public void Checked_UsualPlaces_Fit()
    {
        foreach (var model in ModelCatalog.All)
        {
            var settings = Settings with { Model = model };

            Assert.Same(settings, settings.CheckPlaces());
            Assert.Equal((model.Hidden, model.After), (settings.Hidden, settings.After));
        }
    }

    [Fact]
    public void Checked_HiddenLayerThatIsNotThere_SaysHowManyThereAre()
    {
        AssertBroken("after must hold numbers of hidden layers, of which mlp has 3 here, but got 4.", Settings with { After = [1, 4] });
        AssertBroken("after must hold numbers of hidden layers, of which mlp has 1 here, but got 2.", Settings with { Hidden = [8], After = [2] });
        AssertBroken("after must hold numbers of hidden layers, of which cnn has 2 here, but got 3.", Settings with { Model = ModelCatalog.Cnn, After = [3] });
    }

    [Fact]
    public void Checked_OptionOfLinearMapsAtAConvolution_SaysTheRepair()
    {
        var settings = Settings with { Model = ModelCatalog.Cnn, Layers = ["none", "dropconnect:per-sample=true:samples=3"], After = [1, 2] };
        AssertBroken(
            "options of dropconnect must be those of a convolution, which samples is not, but hidden layer 1 of cnn is one: leave it out, or compare after linear layers alone.", settings);
        var (linear, plain) = (settings with { After = [2] }, settings with { Layers = ["dropconnect:per-sample=true", "concrete", "variational"] });
        Assert.Same(linear, linear.CheckPlaces());
        Assert.Same(plain, plain.CheckPlaces());
    }

    [Theory]
    [InlineData(true, false, false, false)]
    [InlineData(false, true, false, false)]
    [InlineData(false, false, true, false)]
    [InlineData(false, false, false, true)]
    [InlineData(false, false, false, false)]
    public void Fits_EachForm_IsForItsPlace(bool features, bool channels, bool linear, bool convolution)
    {
        var kind = new LayerKind("some", "made up")
        {
            Features = features ? _ => throw new NotSupportedException() : null,
            Channels = channels ? _ => throw new NotSupportedException() : null,
            Linear = linear ? (_, _) => throw new NotSupportedException() : null,
            Convolution = convolution ? (_, _) => throw new NotSupportedException() : null,
        };
        var nothing = !features && !channels && !linear && !convolution;

        Assert.Equal(channels || convolution || nothing, kind.Fits(convolution: true));
        Assert.Equal(features || linear || nothing, kind.Fits(convolution: false));
    }

    private static void AssertBroken(string sentence, ComparisonSettings settings) =>
        Assert.Equal(sentence, Assert.Throws<ArgumentException>(() => settings.CheckPlaces()).Message);
}
