using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

/// <summary>Networks of the catalogue for ten classes, with p = 0.2 for layers that name no rate.</summary>
internal static class SmallNetwork
{
    public static nn.Module<Tensor, Tensor> Build(ModelKind kind, string layer, int[] after, long[] shape, int[] hidden) =>
        kind.Build(new(shape, NumClasses: 10, hidden, new(LayerSpecification.Parse(layer), after, 10, 0.2)));

    /// <summary>The outputs of a network with one linear hidden layer, from what goes into that layer.</summary>
    public static Tensor OutputsFrom(nn.Module model, Tensor features)
    {
        Linear[] linear = [.. model.modules().OfType<Linear>()];
        return linear[1].call(linear[0].call(features).relu());
    }
}
