using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

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

/// <summary>
/// Stochastic depth as pure functions on tensors (Huang, Sun, Liu, Sedra, Weinberger: "Deep Networks with Stochastic Depth", ECCV 2016, arXiv 1603.09382).
/// </summary>
public static class DropPathMath
{
    /// <summary>Which samples keep the path, each with probability 1−p.</summary>
    /// <param name="input">[N, …].</param>
    /// <param name="p">Drop rate in [0, 1).</param>
    /// <param name="generator">Source of the draw; null takes the device's own.</param>
    /// <returns>Bool [N, 1, …] of input's rank.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor Mask(Tensor input, double p, Generator? generator = null)
    {
        Check.Rate(p);
        var shape = Enumerable.Repeat(1L, (int)input.ndim).ToArray();
        shape[0] = input.size(0);
        return empty(shape, ScalarType.Bool, input.device).bernoulli_(1 - p, generator);
    }

    /// <summary>Applies a mask, y = m·x / (1−p).</summary>
    /// <param name="input">x.</param>
    /// <param name="mask">m, Bool, of a shape that spreads over input's.</param>
    /// <param name="p">Drop rate in [0, 1).</param>
    /// <returns>A new tensor of input's shape and dtype.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor Apply(Tensor input, Tensor mask, double p)
    {
        using var scope = NewDisposeScope();
        return input.mul(mask.to(input.dtype).mul_(NSDropoutMath.KeepScale(p))).MoveToOuterDisposeScope();
    }
}

public static partial class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.DropPath(double)"/>
        public static DropPath DropPath(double p = 0.5) => new(p);
    }
}
