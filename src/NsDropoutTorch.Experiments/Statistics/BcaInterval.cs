using MathNet.Numerics.Distributions;

namespace NsDropoutTorch.Experiments.Statistics;

/// <summary>
/// The bias-corrected and accelerated bootstrap interval of a mean (Efron, Tibshirani, "An Introduction to the Bootstrap", 1993, section 14.3).
/// </summary>
public static class BcaInterval
{
    // Sums of the same values in another order differ by roundings; so much of their size still counts as equal.
    private const double Rounding = 1e-12;

    /// <summary>The interval from seeded resamples: the same for the same values.</summary>
    /// <param name="values">Independent values.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <returns>The interval; null where there is none, as for fewer than two different values.</returns>
    public static Interval? Of(IReadOnlyList<double> values, double confidence = MeanInterval.Confidence) =>
        values.Count < 2 ? null : Of(values, BootstrapMeans.Draw(values), confidence);

    /// <summary>The interval from given resamples.</summary>
    /// <param name="values">Independent values.</param>
    /// <param name="resampledMeans">Means of resamples of them.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <returns>The interval; null where there is none: all values are equal, or all resampled means lie on one side of the mean.</returns>
    public static Interval? Of(IReadOnlyList<double> values, IEnumerable<double> resampledMeans, double confidence = MeanInterval.Confidence)
    {
        var sorted = resampledMeans.Order().ToArray();
        var mean = values.Average();
        var slack = Rounding * values.Max(Math.Abs);
        var bias = Normal.InvCDF(0, 1, ShareBelow(sorted, mean, slack));
        if (!double.IsFinite(bias) || values.All(value => Math.Abs(value - mean) <= slack))
        {
            return null;
        }

        var acceleration = Acceleration(values, mean);
        var tail = (1 - confidence) / 2;
        return new(
            Quantile(sorted, Corrected(Normal.InvCDF(0, 1, tail), bias, acceleration)),
            Quantile(sorted, Corrected(Normal.InvCDF(0, 1, 1 - tail), bias, acceleration)));
    }

    // Half of what equals the mean counts as below it.
    private static double ShareBelow(double[] sorted, double mean, double slack) =>
        (sorted.Count(value => value < mean - slack) + sorted.Count(value => value <= mean + slack)) / (2.0 * sorted.Length);

    // For a mean, the influences that the jackknife estimates are the deviations themselves: a = Σu³ / (6 (Σu²)^1.5).
    private static double Acceleration(IReadOnlyList<double> values, double mean)
    {
        var squares = values.Sum(value => Math.Pow(value - mean, 2));
        var cubes = values.Sum(value => Math.Pow(value - mean, 3));
        return cubes / (6 * Math.Pow(squares, 1.5));
    }

    private static double Corrected(double z, double bias, double acceleration)
    {
        var shifted = bias + z;
        return Normal.CDF(0, 1, bias + (shifted / (1 - (acceleration * shifted))));
    }

    private static double Quantile(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
