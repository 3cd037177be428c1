using NsDropoutTorch.Experiments.Statistics;

namespace NsDropoutTorch.Experiments;

/// <summary>Mean and sample standard deviation of some values.</summary>
/// <param name="Mean">Σx / n.</param>
/// <param name="StandardDeviation">√(Σ(x − mean)² / (n − 1)); null for a single value.</param>
public sealed record Spread(double Mean, double? StandardDeviation)
{
    /// <summary>Student's 95 % interval of the mean; null for a single value.</summary>
    public Interval? Interval { get; init; }

    /// <summary>The spread of one figure over runs; null unless every run has it.</summary>
    /// <param name="runs">At least one run.</param>
    /// <param name="figure">The figure.</param>
    public static Spread? Of(IReadOnlyList<RunResult> runs, Func<RunResult, double?> figure)
    {
        var values = runs.Select(figure).OfType<double>().ToArray();
        return values.Length == runs.Count ? Of(values) : null;
    }

    private static Spread Of(double[] values)
    {
        var mean = values.Average();
        var squares = values.Sum(value => (value - mean) * (value - mean));
        return new(mean, values.Length > 1 ? Math.Sqrt(squares / (values.Length - 1)) : null) { Interval = MeanInterval.Of(values) };
    }
}
