using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Experiments.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class Cnn3dTests
{
    [Fact]
    public void Build_Usual_StandsAfterTheConvolution()
    {
        using var model = SmallNetwork.Build(ModelCatalog.Cnn3d, "dropblock:p=0.3", after: [1], shape: [1, 8, 8], hidden: [32]);

        Assert.Equal(["solid", "conv1", "relu1", "pool1", "layer1", "flatten", "hidden2", "relu2", "output"], model.named_children().Select(child => child.name));
        Assert.Equal([10, 1, 3, 3, 3], Assert.Single(model.modules().OfType<Conv3d>()).weight!.shape);
        var block = Assert.Single(model.modules().OfType<DropBlock3d>());
        Assert.Equal((0.3, 3), (block.p, block.block_size));
    }

    [Fact]
    public void Build_BlockSize_IsTheSideOfCubes()
    {
        using var model = SmallNetwork.Build(ModelCatalog.Cnn3d, "dropblock:block-size=2", after: [1], shape: [1, 8, 8], hidden: [32]);

        Assert.Equal(2, Assert.Single(model.modules().OfType<DropBlock3d>()).block_size);
    }

    [Theory]
    [InlineData("dropout", typeof(Dropout3d))]
    [InlineData("fast-dropout", typeof(FastDropout2d))]
    [InlineData("alpha-dropout", typeof(FeatureAlphaDropout))]
    [InlineData("concrete", typeof(ConcreteDropout2d))]
    [InlineData("variational", typeof(VariationalDropout2d))]
    [InlineData("gap-matched", typeof(Dropout3d))]
    [InlineData("stochastic-depth", typeof(StochasticDepth))]
    [InlineData("gaussian", typeof(GaussianDropout))]
    public void Build_LayersOfChannels_TrainOnVolumes(string layer, Type type)
    {
        using var model = SmallNetwork.Build(ModelCatalog.Cnn3d, layer, after: [1], shape: [3, 5, 4], hidden: [6]);
        using var scope = NewDisposeScope();

        Assert.Single(model.modules(), type.IsInstanceOfType);
        Assert.Equal([2, 10], model.call(randn(2, 3, 5, 4)).shape);
    }

    /// <summary>Computed with loops and with convolutions of two dimensions: a layer of the result is the sum over three layers of the volume.</summary>
    [Fact]
    public void Forward_IsAConvolutionOfTheSolidOverTheImage()
    {
        using var model = SmallNetwork.Build(ModelCatalog.Cnn3d, "none", after: [1], shape: [2, 4, 6], hidden: [7]);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var images = randn(5, 2, 4, 6) * 1.5;
        double[] thresholds = [-1.75, -1.25, -0.75, -0.25, 0.25, 0.75, 1.25, 1.75];
        var layers = thresholds.Select(threshold => (images >= threshold).to(float32)).ToArray();
        var convolution = Assert.Single(model.modules().OfType<Conv3d>());
        var convolved = stack(thresholds.Select((_, at) => Layer(at)), 2).relu();

        var pooled = amax(convolved.reshape(5, 10, 4, 2, 2, 2, 3, 2), [3, 5, 7]);
        var expected = SmallNetwork.OutputsFrom(model, pooled.flatten(1));

        Assert.True(model.call(images).allclose(expected, 1e-5, 1e-6));

        Tensor Layer(int at)
        {
            var sum = convolution.bias!.view(1, 10, 1, 1).expand(5, 10, 4, 6);
            for (var of = 0; of < 3; of++)
            {
                if (at + of - 1 is >= 0 and < 8)
                    sum = sum + nn.functional.conv2d(layers[at + of - 1], convolution.weight![.., .., of], padding: [1, 1]);
            }

            return sum;
        }
    }
}
