using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// DropConnect as pure functions on tensors (Wan, Zeiler, Zhang, LeCun, Fergus: "Regularization of Neural Networks using DropConnect", ICML 2013).
/// Masks are Bool, true where a weight is kept.
/// </summary>
public static class DropConnectMath
{
    /// <summary>Which weights (or biases) are kept, each with probability 1−p.</summary>
    /// <param name="like">The weights [out, in] or biases [out].</param>
    /// <param name="p">Drop rate in [0, 1).</param>
    /// <param name="rows">Number of rows N for a mask of each sample; null for one of the batch.</param>
    /// <param name="generator">Source of the draw; null takes the device's own.</param>
    /// <returns>Bool of like's shape, or [N, …] of it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor Mask(Tensor like, double p, long? rows = null, Generator? generator = null)
    {
        Check.Rate(p);
        long[] shape = rows is { } count ? [count, .. like.shape] : like.shape;
        return empty(shape, ScalarType.Bool, like.device).bernoulli_(1 - p, generator);
    }

    /// <summary>The masked linear map, y_n = ((M_n ∘ W)·x_n + m_n ∘ b) / (1−p).</summary>
    /// <param name="input">[N, in].</param>
    /// <param name="weight">W [out, in].</param>
    /// <param name="bias">b [out], or null.</param>
    /// <param name="weightMask">M, [out, in] for the batch or [N, out, in] for each sample.</param>
    /// <param name="biasMask">m, [out] or [N, out]; null keeps all biases, unscaled.</param>
    /// <param name="p">Drop rate in [0, 1).</param>
    /// <returns>[N, out].</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor Linear(Tensor input, Tensor weight, Tensor? bias, Tensor weightMask, Tensor? biasMask, double p)
    {
        using var scope = NewDisposeScope();
        var kept = Kept(weight, weightMask, p);
        var offset = bias is null || biasMask is null ? bias : Kept(bias, biasMask, p);
        var output = kept.ndim == 2 ? input.mm(kept.t()) : kept.bmm(input.unsqueeze(2)).squeeze(2);
        return (offset is null ? output : output.add_(offset)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Mean and variance of the masked linear map's output over the masks: the map itself, and
    /// v = p/(1−p)·((W∘W)·(x∘x) + b∘b), the last term where biases are dropped too.
    /// </summary>
    /// <param name="input">[N, in].</param>
    /// <param name="weight">W [out, in].</param>
    /// <param name="bias">b [out], or null.</param>
    /// <param name="p">Drop rate in [0, 1).</param>
    /// <param name="dropBias">Whether biases are dropped.</param>
    /// <returns>[N, out] each.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static (Tensor mean, Tensor variance) Moments(Tensor input, Tensor weight, Tensor? bias, double p, bool dropBias)
    {
        Check.Rate(p);
        using var scope = NewDisposeScope();
        var squares = nn.functional.linear(input.square(), weight.square(), dropBias ? bias?.square() : null);
        return (nn.functional.linear(input, weight, bias).MoveToOuterDisposeScope(), squares.mul(p / (1 - p)).MoveToOuterDisposeScope());
    }

    /// <summary>
    /// The paper's inference: the mean of a(u) over Z draws u ~ N(mean, variance), one after the other at memory N·out.
    /// </summary>
    /// <param name="mean">[N, out].</param>
    /// <param name="variance">[N, out].</param>
    /// <param name="activation">a.</param>
    /// <param name="samples">Z, at least 1.</param>
    /// <param name="generator">Source of the draws; null takes the device's own.</param>
    /// <returns>[N, out].</returns>
    /// <exception cref="ArgumentOutOfRangeException">samples is below 1.</exception>
    public static Tensor MatchMoments(Tensor mean, Tensor variance, Func<Tensor, Tensor> activation, int samples, Generator? generator = null)
    {
        Check.AtLeastOne(samples);
        using var scope = NewDisposeScope();
        var deviation = variance.sqrt();
        var sum = zeros_like(mean);
        for (var sample = 0; sample < samples; sample++)
        {
            using var draw = NewDisposeScope();
            var noise = randn(mean.shape, mean.dtype, mean.device, generator: generator);
            sum.add_(activation(noise.mul_(deviation).add_(mean)));
        }

        return sum.div_(samples).MoveToOuterDisposeScope();
    }

    // The mask is scaled, not the product: one pass over the weights less.
    private static Tensor Kept(Tensor values, Tensor mask, double p) => values.mul(mask.to(values.dtype).mul_(NSDropoutMath.KeepScale(p)));
}
