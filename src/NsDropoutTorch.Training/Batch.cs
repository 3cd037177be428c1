using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>The samples of one step: inputs <c>[n,…]</c> and labels <c>[n]</c>.</summary>
internal readonly record struct Batch(Tensor Inputs, Tensor Labels)
{
    public long Count => Labels.size(0);

    public Batch On(Device? device) => new(Inputs.On(device), Labels.On(device));

    /// <summary>The samples from <paramref name="start"/> on; all of them are the batch itself.</summary>
    public Batch Narrow(long start, long length) =>
        length == Count ? this : new(Inputs.narrow(0, start, length), Labels.narrow(0, start, length));
}
