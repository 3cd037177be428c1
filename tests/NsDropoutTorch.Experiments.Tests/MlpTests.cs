using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class MlpTests
{
    [Fact]
    public void Build_ThreeWidths_PutsTheLayerAfterTheFirstActivationOnly()
    {
        var widths = new List<long>();

        using var model = Mlp.Build(new(784, 10, [128, 64, 32], width =>
        {
            widths.Add(width);
            return nn.Dropout(0.2);
        }));

        Assert.Equal(
            ["hidden1", "relu1", "layer", "hidden2", "relu2", "hidden3", "relu3", "output"], model.named_children().Select(child => child.name));
        Assert.Equal([128], widths);
        Assert.Equal(
            [(128, 784), (64, 128), (32, 64), (10, 32)],
            model.modules().OfType<Linear>().Select(linear => ((int)linear.weight.shape[0], (int)linear.weight.shape[1])));
    }

    [Fact]
    public void Build_NoLayer_LeavesItOut()
    {
        using var model = Mlp.Build(new(784, 10, [128], _ => null));

        Assert.Equal(["hidden1", "relu1", "output"], model.named_children().Select(child => child.name));
    }

    [Fact]
    public void GaussianInitialization_Apply_DrawsWeightsAndZeroesBiases()
    {
        manual_seed(1);
        using var model = Mlp.Build(new(784, 10, [128], _ => null));

        GaussianInitialization.Apply(model, 0.01);

        var parameters = model.named_parameters().ToDictionary(p => p.name, p => p.parameter.data<float>().ToArray(), StringComparer.Ordinal);
        Assert.All(parameters["hidden1.bias"], bias => Assert.Equal(0, bias));
        Assert.All(parameters["output.bias"], bias => Assert.Equal(0, bias));
        var weights = parameters["hidden1.weight"];
        // 100,352 draws: five standard errors of their mean and of their deviation.
        Assert.Equal(0, weights.Average(), 5 * 0.01 / Math.Sqrt(weights.Length));
        Assert.Equal(0.01, Math.Sqrt(weights.Average(w => w * w)), 5 * 0.01 / Math.Sqrt(2 * weights.Length));
    }
}
