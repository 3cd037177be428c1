using System.Globalization;
using MathNet.Numerics.Distributions;

namespace NsDropoutTorch.Experiments.Statistics;

/// <summary>
/// The interval of a mean that presumes nothing but the range of the values (Gaffke, "Three test statistics for a nonparametric one-sided hypothesis on the mean of a
/// nonnegative variable", 2005; Learned-Miller, Thomas, "A new confidence interval for the mean of a bounded random variable", 2019). Of zeros and ones it
/// is the interval of Clopper and Pearson. It is wide, and must be: a value at the end of the range that comes once in thirty times is seldom among ten.
/// </summary>
public static class MeanInterval
{
    /// <summary>Level of confidence used throughout.</summary>
    public const double Confidence = 0.95;

    /// <summary>
    /// Its upper end is the quantile (1 + confidence) / 2 of Σwᵢxᵢ, where weights w ≥ 0 with Σw = 1 are drawn uniformly and one more value stands at
    /// <paramref name="highest"/>; the lower end likewise. Null for n values with 2^(1 − n) &gt; 1 − confidence, which can show nothing at that confidence; for 95 %
    /// that is for fewer than 6.
    /// </summary>
    /// <param name="values">Independent values.</param>
    /// <param name="lowest">The lowest value that there can be.</param>
    /// <param name="highest">The highest.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <exception cref="ArgumentException">A value is not finite or out of range, or the range or <paramref name="confidence"/> is none.</exception>
    public static Interval? Of(IReadOnlyCollection<double> values, double lowest, double highest, double confidence = Confidence)
    {
        if (!(double.IsFinite(lowest) && double.IsFinite(highest) && lowest < highest))
        {
            throw Require.Broken(string.Create(CultureInfo.InvariantCulture, $"a range must go from a lower to a higher number, but got [{lowest}, {highest}]."));
        }

        Sample.CheckWithin(values, lowest, highest);
        var tail = (1 - Sample.Confidence(confidence)) / 2;
        return SignFlipTest.SmallestP(values.Count) > 2 * tail
            ? null
            : new(0 - UpperEnd([.. values.Select(value => -value)], -lowest, tail), UpperEnd([.. values], highest, tail));
    }

    // What is not in the sample is put at the end of the range.
    private static double UpperEnd(double[] values, double highest, double tail)
    {
        double[] sorted = [.. values.Append(highest).Order()];
        var (low, high) = (sorted[0], highest);
        for (var middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2)
        {
            if (ShareAbove(sorted, middle) > tail)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return high;
    }

    // P(Σwᵢzᵢ > t) is the divided difference of (z − t)₊ⁿ over all z. Taking one z from either side of t away at a time, as for B-splines, adds and multiplies nothing
    // but numbers in [0, 1], so no digits are lost: share[h] is the probability of the z below t looked at so far and the first h above it.
    private static double ShareAbove(double[] sorted, double t)
    {
        var below = Array.FindIndex(sorted, z => z > t);
        if (below <= 0)
        {
            return below + 1;
        }

        var share = Enumerable.Repeat(1.0, sorted.Length - below + 1).ToArray();
        for (var l = 0; l < below; l++)
        {
            share[0] = 0;
            for (var h = 1; h < share.Length; h++)
            {
                var (low, high) = (sorted[l], sorted[below + h - 1]);
                share[h] = (((high - t) * share[h]) + ((t - low) * share[h - 1])) / (high - low);
            }
        }

        return share[^1];
    }
}

/// <summary>A confidence interval.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
public sealed record Interval(double Low, double High);

/// <summary>
/// The interval of a median between two of the values, which holds for every distribution: a value lies below the median with probability ½, so the number of
/// those that do is binomial (Thompson, "On confidence ranges for the median", 1936). It excludes 0 where a sign test does.
/// </summary>
public static class MedianInterval
{
    /// <summary>
    /// [x₍ₖ₎, x₍ₙ₊₁₋ₖ₎] of the values in ascending order, with the largest k for which 2·P(X &lt; k) ≤ 1 − confidence, X ~ Binomial(n, ½); null where not even
    /// k = 1 will do, which for 95 % is for fewer than 6 values.
    /// </summary>
    /// <param name="values">Independent values.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <exception cref="ArgumentException">A value is not finite, or <paramref name="confidence"/> outside its range.</exception>
    public static Interval? Of(IReadOnlyCollection<double> values, double confidence = MeanInterval.Confidence)
    {
        Sample.CheckFinite(values);
        var tail = (1 - Sample.Confidence(confidence)) / 2;
        var k = 0;
        while (k < values.Count && Binomial.CDF(0.5, values.Count, k) <= tail)
        {
            k++;
        }

        if (k == 0)
        {
            return null;
        }

        var sorted = values.Order().ToArray();
        return new(sorted[k - 1], sorted[^k]);
    }
}
