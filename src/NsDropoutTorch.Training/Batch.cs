using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>The samples of one step: inputs <c>[n,…]</c> and labels <c>[n]</c>.</summary>
internal readonly record struct Batch(Tensor Inputs, Tensor Labels)
{
    public long Count => Labels.shape[0];
}
