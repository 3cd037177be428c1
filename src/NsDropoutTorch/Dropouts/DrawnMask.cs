using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>A random mask that need not be kept: its seed draws it again, forward and backward.</summary>
/// <param name="seed">What decides it.</param>
/// <param name="threshold">Its rate, as <see cref="MaskBits.Threshold"/> gives it.</param>
internal sealed class DrawnMask(ulong seed, int threshold) : HostMask
{
    protected override void Multiply(Tensor source, Tensor target) => MaskBits.Multiply(source, target, seed, threshold);

    protected override void Write(Tensor target) => MaskBits.Write(target, seed, threshold);
}
