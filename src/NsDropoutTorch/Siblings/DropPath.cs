using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// Stochastic depth: drops a whole sample with probability p in training mode, to be put at the end of a residual branch,
/// <c>x + drop(f(x))</c>, so that the block is skipped for it (arXiv 1603.09382; docs/layers.md).
/// </summary>
/// <remarks>The paper drops a block for the whole batch and scales at test; each sample here has its own draw, and the branch that stays is scaled by 1/(1−p).</remarks>
/// <param name="p">Drop rate in [0, 1).</param>
/// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
public sealed class DropPath(double p = 0.5)
    : DropoutModule(nameof(DropPath), p)
{
    private protected override Tensor Train(Tensor input) => DropPathMath.Apply(input, DropPathMath.Mask(input, p), p);

    private protected override void CheckShape(Tensor input)
    {
        if (input.ndim == 0)
            throw Check.WrongShape("[N, …]", input);
    }
}
