using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

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
