using MathNet.Numerics.Statistics;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Statistics;

namespace NsDropoutTorch.Experiments;

/// <summary>A layer against the baseline, paired by seed: an entry of <c>comparisons</c> in <c>results.json</c>.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Baseline">The first layer of the comparison.</param>
/// <param name="Pairs">Number of seeds with which both have a result.</param>
/// <param name="MeanDifference">Mean of the layer's label-free test error minus the baseline's; below 0 the layer is better.</param>
/// <param name="Interval">95 % interval of that mean, which presumes nothing but that differences lie in [−1, 1]; null for fewer than 6 pairs.</param>
/// <param name="P">Two-sided sign-flip permutation p-value.</param>
/// <param name="PHolm"><paramref name="P"/> after Holm's correction over all comparisons.</param>
/// <param name="SmallestP">The smallest <paramref name="P"/> that so many pairs can show.</param>
public sealed record PairedComparison(
    string Layer,
    string Baseline,
    int Pairs,
    double MeanDifference,
    Interval? Interval = null,
    double? P = null,
    double? PHolm = null,
    double? SmallestP = null)
{
    private const double LowestDifference = -1;
    private const double HighestDifference = 1;

    /// <summary>The median of the differences.</summary>
    public double? MedianDifference { get; init; }

    /// <summary>95 % interval of that median, between two of the differences; null for fewer than 6 pairs.</summary>
    public Interval? MedianInterval { get; init; }

    /// <summary>Every other layer that has a result with a seed that the first has one with, against the first. What diverged is left out.</summary>
    /// <param name="runs">The runs, those of the baseline first.</param>
    /// <exception cref="ArgumentException">An error of a run that is not marked as diverged is not in [0, 1].</exception>
    public static IReadOnlyList<PairedComparison> Of(IReadOnlyList<RunResult> runs)
    {
        // The baseline stays the baseline when all its runs diverged.
        var layers = runs.Select(run => run.Layer).Distinct(StringComparer.Ordinal).ToArray();
        RunResult[] scored = [.. runs.Where(run => run.Diverged is null)];
        Sample.CheckWithin([.. scored.Select(run => run.TestError)], 0, 1);
        var comparisons = layers.Skip(1).Select(layer => Of(scored, layer, layers[0])).OfType<PairedComparison>().ToArray();
        var adjusted = HolmCorrection.Adjust([.. comparisons.Select(comparison => comparison.P!.Value)]);
        return [.. comparisons.Zip(adjusted, (comparison, p) => comparison with { PHolm = p })];
    }

    private static PairedComparison? Of(IReadOnlyList<RunResult> runs, string layer, string baseline)
    {
        var differences = runs.Where(run => run.Layer == layer)
            .Join(runs.Where(run => run.Layer == baseline), run => run.Seed, other => other.Seed, (run, other) => run.TestError - other.TestError)
            .ToArray();
        return differences.Length == 0 ? null : new(
            layer,
            baseline,
            differences.Length,
            differences.Average(),
            MeanInterval.Of(differences, LowestDifference, HighestDifference),
            SignFlipTest.P(differences),
            SmallestP: SignFlipTest.SmallestP(differences.Length))
        {
            MedianDifference = differences.Median(),
            MedianInterval = Statistics.MedianInterval.Of(differences),
        };
    }
}
