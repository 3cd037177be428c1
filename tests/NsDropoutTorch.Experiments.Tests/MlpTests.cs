using NsDropoutTorch.Experiments.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class MlpTests
{
    [Fact]
    public void Build_ThreeWidths_PutsTheLayerWhereItWasAskedFor()
    {
        using var model = SmallNetwork.Build(ModelCatalog.Mlp, "nsdropout", [1, 3], [784], [128, 64, 32]);

        Assert.Equal(
            ["hidden1", "relu1", "layer1", "hidden2", "relu2", "hidden3", "relu3", "layer3", "output"], model.named_children().Select(child => child.name));
        Assert.Equal([128, 32], model.modules().OfType<NSDropout>().Select(layer => layer.num_features));
        Assert.Equal(
            [(128, 784), (64, 128), (32, 64), (10, 32)],
            model.modules().OfType<Linear>().Select(linear => ((int)linear.weight.shape[0], (int)linear.weight.shape[1])));
    }

    [Fact]
    public void Build_NoLayer_LeavesItOut()
    {
        using var model = SmallNetwork.Build(ModelCatalog.Mlp, "none", [1], [784], [128]);

        Assert.Equal(["hidden1", "relu1", "output"], model.named_children().Select(child => child.name));
    }

    [Fact]
    public void GaussianInitialization_Apply_DrawsWeightsAndZeroesBiases()
    {
        manual_seed(1);
        using var model = SmallNetwork.Build(ModelCatalog.Mlp, "none", [1], [784], [128]);

        GaussianInitialization.Apply(model, 0.01);

        var parameters = model.named_parameters().ToDictionary(p => p.name, p => p.parameter.data<float>().ToArray(), StringComparer.Ordinal);
        Assert.All(parameters["hidden1.bias"], bias => Assert.Equal(0, bias));
        Assert.All(parameters["output.bias"], bias => Assert.Equal(0, bias));
        var weights = parameters["hidden1.weight"];
        // 100,352 draws: five standard errors of their mean and of their deviation.
        Assert.Equal(0, weights.Average(), 5 * 0.01 / Math.Sqrt(weights.Length));
        Assert.Equal(0.01, Math.Sqrt(weights.Average(w => w * w)), 5 * 0.01 / Math.Sqrt(2 * weights.Length));
    }

    [Fact]
    public void GaussianInitialization_Apply_LeavesOtherParametersAlone()
    {
        using var model = new Learned();

        GaussianInitialization.Apply(model, 0.01);

        Assert.Equal([0.1f], model.named_parameters().Single().parameter.data<float>());
    }

    private sealed class Learned : nn.Module<Tensor, Tensor>
    {
        public Learned()
            : base(nameof(Learned)) => register_parameter("rate", new Parameter(tensor(new[] { 0.1f })));

        public override Tensor forward(Tensor input) => input.alias();
    }
}
