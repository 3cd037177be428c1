using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Models;
using NsDropoutTorch.Experiments.Runs;
using static TorchSharp.torch;

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

    [Fact]
    public void Fits_EachForm_IsForItsPlace()
    {
        var kind = new LayerKind("some", "made up");
        Func<LayerSettings, nn.Module<Tensor, Tensor>> form = _ => throw new NotSupportedException();
        AssertFits(Enum.GetValues<HiddenPlace>(), kind);
        AssertFits([HiddenPlace.Linear], kind with { Features = form });
        AssertFits([HiddenPlace.Linear], kind with { Linear = (_, settings) => form(settings) });
        AssertFits([HiddenPlace.Convolution], kind with { Channels = form });
        AssertFits([HiddenPlace.Convolution], kind with { Convolution = (_, settings) => form(settings) });
        AssertFits([HiddenPlace.Convolution3d], kind with { Volumes = form });
        AssertFits([HiddenPlace.Recurrent, HiddenPlace.Embedding], kind with { Sequences = form });
        AssertFits([HiddenPlace.Embedding], kind with { Embedding = (_, settings) => form(settings) });

        static void AssertFits(HiddenPlace[] places, LayerKind kind) => Assert.Equal(places, Enum.GetValues<HiddenPlace>().Where(kind.Fits));
    }

    [Fact]
    public void Checked_LayerWithoutAFormForThePlace_SaysWhichOne()
    {
        AssertBroken("a layer must have a form for the place where it stands, but locked has none for features, and hidden layer 1 of mlp is linear.", Settings with { Layers = ["none", "locked"] });
        AssertBroken(
            "a layer must have a form for the place where it stands, but dropconnect has none for sequences, and hidden layer 1 of rnn is recurrent.",
            Settings with { Model = ModelCatalog.Rnn, Layers = ["none", "dropconnect"] });
        AssertBroken(
            "a layer must have a form for the place where it stands, but locked has none for channels, and hidden layer 1 of cnn is a convolution.",
            Settings with { Model = ModelCatalog.Cnn, After = [1], Layers = ["locked"] });
        AssertBroken(
            "a layer must have a form for the place where it stands, but nsdropout has none for channels of volumes, and hidden layer 1 of cnn3d is a convolution of volumes.",
            Settings with { Model = ModelCatalog.Cnn3d, After = [1], Layers = ["nsdropout"] });
        AssertBroken(
            "a layer must have a form for the place where it stands, but dropblock has none for words, and hidden layer 1 of embedding is an embedding.",
            Settings with { Model = ModelCatalog.Embedding, Layers = ["dropblock"] });
    }

    private static void AssertBroken(string sentence, ComparisonSettings settings) =>
        Assert.Equal(sentence, Assert.Throws<ArgumentException>(() => settings.CheckPlaces()).Message);
}
