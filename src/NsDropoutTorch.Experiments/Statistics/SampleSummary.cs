using MathNet.Numerics.Statistics;

namespace NsDropoutTorch.Experiments.Statistics;

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
