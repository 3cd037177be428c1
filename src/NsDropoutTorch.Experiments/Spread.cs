using NsDropoutTorch.Experiments.Statistics;

namespace NsDropoutTorch.Experiments;

/// <summary>Mean and sample standard deviation of some values.</summary>
/// <param name="Mean">Σx / n.</param>
/// <param name="StandardDeviation">√(Σ(x − mean)² / (n − 1)); null for a single value.</param>
public sealed record Spread(double Mean, double? StandardDeviation)
{
    /// <summary>95 % interval of the median; null for fewer than 6 values.</summary>
    public Interval? MedianInterval { get; init; }

    /// <summary>The spread of one figure over runs; null without runs, and unless every run has it.</summary>
    /// <param name="runs">Runs.</param>
    /// <param name="figure">The figure.</param>
    /// <exception cref="ArgumentException">A figure is not finite.</exception>
    public static Spread? Of(IReadOnlyList<RunResult> runs, Func<RunResult, double?> figure)
    {
        var values = runs.Select(figure).OfType<double>().ToArray();
        return values.Length == runs.Count && values.Length > 0 ? Of(values) : null;
    }

    private static Spread Of(double[] values)
    {
        Sample.CheckFinite(values);
        var mean = values.Average();
        var squares = values.Sum(value => (value - mean) * (value - mean));
        return new(mean, values.Length > 1 ? Math.Sqrt(squares / (values.Length - 1)) : null) { MedianInterval = Statistics.MedianInterval.Of(values) };
    }
}
