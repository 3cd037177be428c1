using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Experiments.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class CnnTests
{
    [Fact]
    public void Build_Usual_IsTheNetworkOfTheArticle()
    {
        using var model = SmallNetwork.Build(ModelCatalog.Cnn, "dropout:p=0.5", after: [2], shape: [1, 28, 28], hidden: [100]);

        Assert.Equal(
            ["conv1", "relu1", "pool1", "flatten", "hidden2", "relu2", "layer2", "output"], model.named_children().Select(child => child.name));
        Assert.Equal([10, 1, 3, 3], model.modules().OfType<Conv2d>().Single().weight.shape);
        Assert.Equal(
            [(100, 10 * 14 * 14), (10, 100)],
            model.modules().OfType<Linear>().Select(linear => ((int)linear.weight.shape[0], (int)linear.weight.shape[1])));
        Assert.Single(model.modules().OfType<Dropout>());
    }

    [Fact]
    public void Build_AfterAllHiddenLayers_DropsChannelsOfTheConvolution()
    {
        using var model = SmallNetwork.Build(ModelCatalog.Cnn, "dropout", after: [1, 2, 3], shape: [3, 9, 8], hidden: [6, 5]);
        using var scope = NewDisposeScope();

        Assert.Equal(
            ["conv1", "relu1", "pool1", "layer1", "flatten", "hidden2", "relu2", "layer2", "hidden3", "relu3", "layer3", "output"],
            model.named_children().Select(child => child.name));
        Assert.Equal([typeof(Dropout2d), typeof(Dropout), typeof(Dropout)], model.named_children().Where(child => child.name.StartsWith("layer", StringComparison.Ordinal)).Select(child => child.module.GetType()));
        Assert.Equal([2, 10], model.call(randn(2, 3, 9, 8)).shape);
    }

    [Fact]
    public void Build_LayerInPlaceOfTheConvolution_HasItsNamesAndShapes()
    {
        using var model = SmallNetwork.Build(ModelCatalog.Cnn, "dropconnect:p=0.3:per-sample=true", after: [1, 2], shape: [3, 9, 8], hidden: [6]);
        using var plain = SmallNetwork.Build(ModelCatalog.Cnn, "none", after: [1], shape: [3, 9, 8], hidden: [6]);
        using var scope = NewDisposeScope();

        var convolution = Assert.Single(model.modules().OfType<DropConnectConv2d>());
        Assert.Equal((0.3, true), (convolution.p, convolution.DrawsForEachRow));
        Assert.Single(model.modules().OfType<DropConnectLinear>());
        Assert.Equal(plain.state_dict().Select(e => (e.Key, string.Join(' ', e.Value.shape))), model.state_dict().Select(e => (e.Key, string.Join(' ', e.Value.shape))));
        Assert.Equal([2, 10], model.call(randn(2, 3, 9, 8)).shape);
        Assert.Equal(["conv1", "relu1", "pool1", "flatten", "hidden2", "relu2", "output"], model.named_children().Select(child => child.name));
    }

    [Theory]
    [InlineData("concrete", typeof(ConcreteDropout2d), typeof(ConcreteDropout))]
    [InlineData("variational", typeof(VariationalDropout2d), typeof(VariationalDropout))]
    public void Build_LearnedRates_StandAfterTheConvolutionToo(string layer, Type channels, Type features)
    {
        using var model = SmallNetwork.Build(ModelCatalog.Cnn, layer + ":p=0.2", after: [1, 2], shape: [3, 9, 8], hidden: [6]);
        using var scope = NewDisposeScope();

        Assert.Equal([channels, features], model.modules().OfType<LearnedDropoutModule>().Select(module => module.GetType()));
        Assert.Equal([2, 10], model.call(randn(2, 3, 9, 8)).shape);
    }
}
