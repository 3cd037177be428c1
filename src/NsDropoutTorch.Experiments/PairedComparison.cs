using NsDropoutTorch.Experiments.Statistics;

namespace NsDropoutTorch.Experiments;

/// <summary>A layer against the baseline, paired by seed: an entry of <c>comparisons</c> in <c>results.json</c>.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Baseline">The first layer of the comparison.</param>
/// <param name="Pairs">Number of seeds both were run with.</param>
/// <param name="MeanDifference">Mean of the layer's label-free test error minus the baseline's; below 0 the layer is better.</param>
/// <param name="Interval">95 % BCa bootstrap interval of that mean; null for fewer than two different differences.</param>
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
    /// <summary>Every other layer that shares a seed with the first, against the first.</summary>
    /// <param name="runs">The runs, those of the baseline first.</param>
    public static IReadOnlyList<PairedComparison> Of(IReadOnlyList<RunResult> runs)
    {
        var layers = runs.Select(run => run.Layer).Distinct(StringComparer.Ordinal).ToArray();
        var comparisons = layers.Skip(1).Select(layer => Of(runs, layer, layers[0])).OfType<PairedComparison>().ToArray();
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
            BcaInterval.Of(differences),
            SignFlipTest.P(differences),
            SmallestP: SignFlipTest.SmallestP(differences.Length));
    }
}
