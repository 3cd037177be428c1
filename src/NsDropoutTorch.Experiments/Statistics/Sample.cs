using System.Globalization;
using MathNet.Numerics.Statistics;

namespace NsDropoutTorch.Experiments.Statistics;

/// <summary>Checks of what a statistic is asked to speak about: NaN and infinity go through sums and sorts unseen and come out as figures.</summary>
internal static class Sample
{
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static void CheckFinite(IEnumerable<double> values)
    {
        foreach (var value in values.Where(value => !double.IsFinite(value)))
        {
            throw Require.Broken(string.Create(
                CultureInfo.InvariantCulture, $"values of a statistic must be finite, but got {value}; leave out what diverged or was not measured."));
        }
    }

    /// <exception cref="ArgumentException">A value is not finite, or outside the range.</exception>
    public static void CheckWithin(IReadOnlyCollection<double> values, double lowest, double highest)
    {
        CheckFinite(values);
        foreach (var value in values.Where(value => value < lowest || value > highest))
        {
            throw Require.Broken(string.Create(
                CultureInfo.InvariantCulture, $"values must be in [{lowest}, {highest}], but got {value}; give the range in which they can lie."));
        }
    }

    /// <exception cref="ArgumentException">It is no confidence.</exception>
    public static double Confidence(double confidence) => confidence is > 0 and < 1 ? confidence : throw Require.Broken(string.Create(
        CultureInfo.InvariantCulture, $"confidence must be in (0, 1), but got {confidence}."));
}

/// <summary>Mean and sample standard deviation of some values.</summary>
/// <param name="Mean">Σx / n.</param>
/// <param name="StandardDeviation">√(Σ(x − mean)² / (n − 1)); null for a single value.</param>
public sealed record SampleSummary(double Mean, double? StandardDeviation)
{
    /// <summary>95 % interval of the median; null for fewer than 6 values.</summary>
    public Interval? MedianInterval { get; init; }

    /// <summary>The summary of at least one value.</summary>
    /// <param name="values">The values.</param>
    /// <exception cref="ArgumentException">One is not finite.</exception>
    public static SampleSummary Of(double[] values)
    {
        Sample.CheckFinite(values);
        return new(values.Average(), values.Length > 1 ? values.StandardDeviation() : null) { MedianInterval = Statistics.MedianInterval.Of(values) };
    }
}
