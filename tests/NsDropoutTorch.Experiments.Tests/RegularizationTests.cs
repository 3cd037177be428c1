using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Models;
using TorchSharp;
using TorchSharp.Modules;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class RegularizationTests
{
    [Fact]
    public void After_HiddenLayersChosen_GetTheLayerAndOthersNothing()
    {
        var regularization = new Regularization(LayerSpecification.Parse("nsdropout:p=0.3"), [1, 3], numClasses: 4, p: 0.2);

        using var first = Assert.IsType<NSDropout>(regularization.After(1, 16));
        using var third = Assert.IsType<NSDropout2d>(regularization.AfterConvolution(3, 8));

        Assert.Equal((16, 4, 0.3), (first.num_features, first.num_classes, first.p));
        Assert.Equal((8, 4, 0.3), (third.num_features, third.num_classes, third.p));
        Assert.Null(regularization.After(2, 16));
        Assert.Null(regularization.AfterConvolution(2, 16));
    }

    [Fact]
    public void After_NoLayer_IsNothing()
    {
        var regularization = new Regularization(LayerSpecification.Parse("none"), [1], numClasses: 4, p: 0.2);

        Assert.Null(regularization.After(1, 16));
        Assert.Null(regularization.AfterConvolution(1, 16));
    }

    [Fact]
    public void Linear_LayerThatComesAfterActivations_IsTheOrdinaryMap()
    {
        var regularization = new Regularization(LayerSpecification.Parse("dropout"), [1], numClasses: 4, p: 0.2);

        using var linear = Assert.IsType<Linear>(regularization.Linear(1, 5, 3));

        Assert.Equal([3, 5], linear.weight.shape);
    }
}
