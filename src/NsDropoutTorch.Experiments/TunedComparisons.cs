using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments;

/// <summary>
/// Methods as somebody meets them who has to choose a rate: a layer that was run with several rates counts with the one that the selection part chose for each seed, and bears its name without the rate; others count as
/// they are.
/// </summary>
public static class TunedComparisons
{
    /// <summary>One run of each method and seed, in the order of the methods.</summary>
    /// <param name="runs">All runs of a comparison, those of the baseline first.</param>
    public static IReadOnlyList<RunResult> RunsOf(IReadOnlyList<RunResult> runs)
    {
        var tuned = TunedLayer.Of(runs).ToDictionary(layer => layer.Layer, StringComparer.Ordinal);
        return
        [
            .. runs.GroupBy(run => RatesOf.WithoutRate(run.Layer), StringComparer.Ordinal)
                .SelectMany(method => tuned.TryGetValue(method.Key, out var layer) ? layer.Choices.Select(choice => Chosen(method, choice)) : method),
        ];
    }

    /// <summary>
    /// Every other method against the first, and then every method but the first against the first whose rate was chosen. Holm's correction is over those against the same one.
    /// </summary>
    /// <param name="runs">All runs of a comparison, those of the baseline first.</param>
    public static IReadOnlyList<PairedComparison> Of(IReadOnlyList<RunResult> runs)
    {
        var methods = RunsOf(runs);
        var reference = TunedLayer.Of(runs).Select(layer => layer.Layer).FirstOrDefault();
        var others = methods.Where(run => run.Layer != methods[0].Layer && run.Layer != reference);
        return reference is null || reference == methods[0].Layer
            ? PairedComparison.Of(methods)
            : [.. PairedComparison.Of(methods), .. PairedComparison.Of([.. methods.Where(run => run.Layer == reference), .. others])];
    }

    private static RunResult Chosen(IEnumerable<RunResult> method, RateChoice choice) =>
        method.First(run => run.Seed == choice.Seed && run.P == choice.P) with { Layer = RatesOf.WithoutRate(method.First().Layer) };
}
