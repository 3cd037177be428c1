using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Examples;

/// <summary>2 – units – ReLU – dropout – 3, weights 0.01·N(0,1), biases 0.</summary>
internal static class SpiralNetwork
{
    public static Sequential Create(long units, double p) => Create(units, nn.Dropout(p));

    public static Sequential Create(long units, nn.Module<Tensor, Tensor> dropout)
    {
        var (dense1, dense2) = (nn.Linear(2, units), nn.Linear(units, 3));
        foreach (var dense in new[] { dense1, dense2 })
        {
            nn.init.normal_(dense.weight, 0, 0.01);
            nn.init.zeros_(dense.bias!);
        }

        return nn.Sequential(("dense1", dense1), ("activation1", nn.ReLU()), ("dropout1", dropout), ("dense2", dense2));
    }
}
