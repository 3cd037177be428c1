using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>Drop rates of neurons by the rank of their gaps, for masks that are drawn: what <see cref="NSDropoutOptions.GapShare"/> asks for. Sizes: F neurons, G classes.</summary>
public static class GapRates
{
    /// <summary>The mean of the gaps over the classes whose gap is known.</summary>
    /// <param name="gaps">[G, F].</param>
    /// <param name="known">Bool [G], or counts of which those above 0 are known.</param>
    /// <returns>[F]; NaN where no class is known.</returns>
    public static Tensor Pool(Tensor gaps, Tensor known)
    {
        using var scope = NewDisposeScope();
        if (gaps.size(0) == 1) return gaps.squeeze(0).masked_fill(known.eq(Scalars.Of(0)), Scalars.Of(double.NaN)).MoveToOuterDisposeScope();
        var counts = known.gt(Scalars.Of(0));
        return gaps.masked_fill(counts.logical_not().unsqueeze(1), Scalars.Of(0)).sum(0L).div(counts.sum()).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The rate of each neuron, (1−m)·p + m·s, where s is p's share of the neuron by the rank of its gap; the larger the gap, the larger the rate. Their mean is p.
    /// </summary>
    /// <param name="gap">[F]; what is not finite ranks last, and of equal gaps the lower-numbered neuron does.</param>
    /// <param name="p">Mean of the rates, in [0, 1).</param>
    /// <param name="share">m, in [0, 1).</param>
    /// <param name="ranking">How ranks become shares.</param>
    /// <param name="keepLargest">Whether the largest gaps get the smallest rates.</param>
    /// <returns>[F] of gap's dtype, each in [0, 1).</returns>
    /// <exception cref="ArgumentOutOfRangeException">p or share is out of range.</exception>
    public static Tensor Of(Tensor gap, double p, double share, GapRanking ranking = GapRanking.Linear, bool keepLargest = false)
    {
        const double last = double.NegativeInfinity;
        Check.Rate(p);
        Check.GapShare(share);
        using var scope = NewDisposeScope();
        var order = (keepLargest ? gap.neg() : gap).nan_to_num(last, last, last).sort(dim: 0, stable: true).Indices;
        var rates = empty_like(gap);
        return rates.scatter_(0, order, Ascending(gap.size(0), p, share, ranking, gap.dtype, gap.device)).MoveToOuterDisposeScope();
    }

    /// <summary>Drops each neuron of each row at its own rate: y_ij = m_ij·x_ij / (1−r_j), where m_ij is drawn afresh and 0 with probability r_j.</summary>
    /// <param name="input">x, [N, F] or [N, F, …], floating; dimensions after the second share the draw of their channel.</param>
    /// <param name="rates">r, [F], each in [0, 1). For Float32 in host memory they are rounded to multiples of 2⁻¹⁶, here and in the formula.</param>
    /// <param name="generator">Source of the draw; null takes the device's own.</param>
    /// <returns>A new tensor of input's shape and dtype.</returns>
    public static Tensor Apply(Tensor input, Tensor rates, Generator? generator = null)
    {
        using var scope = NewDisposeScope();
        if (!HostMask.Reaches(input) || input.numel() == 0) return input.mul(OverPositions(FactorsByOperators(input, rates, generator), input)).MoveToOuterDisposeScope();

        var mask = HostRates.Draw(rates, generator);
        return (input.ndim == 2 ? mask.Multiply(input) : input.mul(OverPositions(mask.Factors([input.size(0), input.size(1)]), input))).MoveToOuterDisposeScope();
    }

    private static Tensor FactorsByOperators(Tensor input, Tensor rates, Generator? generator)
    {
        var keep = rates.to(NSDropoutMath.StatisticsType(input.dtype)).neg().add_(Scalars.Of(1), Scalars.One);
        return Draws.Bernoulli(keep.expand(input.size(0), -1), generator).div_(keep).to(input.dtype);
    }

    private static Tensor OverPositions(Tensor factors, Tensor input) => input.ndim == 2 ? factors : factors.view([.. factors.shape, .. Enumerable.Repeat(1L, (int)input.ndim - 2)]);

    /// <summary>The rate of each rank, from the smallest gap to the largest.</summary>
    internal static Tensor Ascending(long count, double p, double share, GapRanking ranking, ScalarType dtype, Device device)
    {
        if (ranking is GapRanking.Step)
        {
            var dropped = Math.Max(1, (long)Math.Ceiling(p * count)); // So that their rate stays below 1.
            var rates = full(count, Scalars.Of((1 - share) * p), dtype, device);
            rates.narrow(0, count - dropped, dropped).add_(Scalars.Of(share * p * count / dropped), Scalars.One);
            return rates;
        }

        var spread = count == 1 ? 0 : share * Math.Min(p, 1 - p); // So that every rate lies in [0, 1).
        return linspace(p - spread, p + spread, count, dtype, device);
    }
}

/// <summary>How the rank of a neuron's gap becomes its share of the drop rate.</summary>
public enum GapRanking
{
    /// <summary>In proportion to the rank: from 0 to 2·p where p is at most 1/2, and from 2·p−1 to 1 where it is more.</summary>
    Linear,

    /// <summary>All to the ⌈p·F⌉ largest gaps, whose share is p·F/⌈p·F⌉, and none to the others.</summary>
    Step,
}
