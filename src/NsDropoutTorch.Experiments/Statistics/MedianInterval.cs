using MathNet.Numerics.Distributions;

namespace NsDropoutTorch.Experiments.Statistics;

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
