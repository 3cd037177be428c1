namespace NsDropoutTorch.Experiments;

/// <summary>A layer against the baseline, paired by seed: an entry of <c>comparisons</c> in <c>results.json</c>.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Baseline">The first layer of the comparison.</param>
/// <param name="Pairs">Number of seeds both were run with.</param>
/// <param name="MeanDifference">Mean of the layer's label-free test error minus the baseline's; below 0 the layer is better.</param>
public sealed record PairedComparison(string Layer, string Baseline, int Pairs, double MeanDifference)
{
    /// <summary>Every other layer against the first.</summary>
    /// <param name="runs">The runs, those of the baseline first.</param>
    public static IReadOnlyList<PairedComparison> Of(IReadOnlyList<RunResult> runs)
    {
        var layers = runs.Select(run => run.Layer).Distinct(StringComparer.Ordinal).ToArray();
        return [.. layers.Skip(1).Select(layer => Of(runs, layer, layers[0]))];
    }

    private static PairedComparison Of(IReadOnlyList<RunResult> runs, string layer, string baseline)
    {
        var differences = runs.Where(run => run.Layer == layer)
            .Join(runs.Where(run => run.Layer == baseline), run => run.Seed, other => other.Seed, (run, other) => run.TestError - other.TestError)
            .ToArray();
        return new(layer, baseline, differences.Length, differences.Average());
    }
}
