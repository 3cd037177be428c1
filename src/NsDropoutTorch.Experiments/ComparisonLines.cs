using System.Globalization;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Statistics;
using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments;

/// <summary>Comparisons with the baseline in words, for a terminal; a single seed, of which statistics say nothing, has but the caution.</summary>
internal static class ComparisonLines
{
    /// <summary>Why the interval of a mean is so much wider than that of the median.</summary>
    public const string IntervalRemark =
        "The interval of a mean allows for seeds that fail altogether now and then and were not among these; that of a median says where the usual seed lies.";

    public static IEnumerable<string> Of(IReadOnlyList<PairedComparison> comparisons)
    {
        var cautions = comparisons.Select(comparison => SeedCount.Caution(comparison.Pairs, comparisons.Count)).OfType<string>();
        return
        [
            .. comparisons.Where(comparison => comparison.Pairs > 1).Select(Of),
            .. comparisons.Any(comparison => comparison.Interval is not null) ? new[] { IntervalRemark } : [],
            .. cautions.Distinct(StringComparer.Ordinal),
        ];
    }

    private static string Of(PairedComparison comparison) =>
        Invariant($"• {comparison.Layer} against {comparison.Baseline}, n = {comparison.Pairs} seeds: mean {FigureText.Points(comparison.MeanDifference)} percentage points{Range(comparison.Interval)}, ")
        + $"median {(comparison.MedianDifference is { } median ? FigureText.Points(median) : FigureText.Absent)}{Range(comparison.MedianInterval)}; "
        + $"p {FigureText.Relation(comparison.P)}, after Holm's correction p {FigureText.Relation(comparison.PHolm)}.";

    private static string Range(Interval? interval) => interval is null ? "" : $" (95 % interval {FigureText.Points(interval.Low)} to {FigureText.Points(interval.High)})";
}

/// <summary>Which runs are not there, in words: the results of a sweep, or of a comparison that was stopped, may be of a part of them.</summary>
internal static class MissingLine
{
    private const int Named = 8;

    /// <summary>The sentence; null where all are there. Of many it names the first.</summary>
    public static string? Of(ComparisonResults results)
    {
        var all = results.Settings.Seeds.Count;
        var there = results.Runs.Select(run => (run.Layer, run.Seed)).ToHashSet();
        var missing = results.Settings.Layers.Select(layer => layer.ToString())
            .Select(layer => (Layer: layer, Seeds: results.Settings.Seeds.Where(seed => !there.Contains((layer, seed))).ToArray()))
            .Where(layer => layer.Seeds.Length > 0)
            .ToArray();
        return missing.Length == 0 ? null : Invariant($"{there.Count} of {results.Settings.Layers.Count * results.Settings.Seeds.Count} runs are finished, and all figures are of these. Missing: ")
            + $"{string.Join("; ", First(missing.Select(layer => $"{layer.Layer} with {Words(layer.Seeds, all)}"), "other layer"))}.";
    }

    private static string Words(long[] seeds, int all) => seeds.Length == all && all > 1
        ? "all seeds"
        : $"{(seeds.Length == 1 ? "seed" : "seeds")} {FigureText.List(First(seeds.Select(seed => Invariant($"{seed}")), "other"))}";

    private static string[] First(IEnumerable<string> names, string what)
    {
        string[] all = [.. names];
        return all.Length <= Named ? all : [.. all[..Named], FigureText.Count(all.Length - Named, what)];
    }
}

/// <summary>What diverged, in words, a line a layer; the terminal, the page and the error stream say the same.</summary>
internal static class DivergenceLines
{
    /// <summary>The lines; empty where every training, noise controls too, stayed finite.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<RunResult> runs)
    {
        var layers = LayerSummary.Of(runs);
        return [.. layers.Where(layer => layer.Diverged.Count > 0).Select(layer => Of(layer, layer == layers[0] && layers.Count > 1)), .. NoiseOf(runs)];
    }

    private static string Of(LayerSummary layer, bool isBaseline)
    {
        var seeds = FigureText.List([.. layer.Diverged.Select(run => run.ToString())]);
        return layer.Runs > 0
            ? $"{layer.Layer} diverged with {seeds}: no result there, and no part in any mean, interval, test or verdict."
            : $"{layer.Layer} diverged with {seeds}: it has no result and no verdict{(isBaseline ? ", and nothing can be compared with it" : "")}.";
    }

    private static IEnumerable<string> NoiseOf(IReadOnlyList<RunResult> runs) =>
        runs.Where(run => run.Audit?.Noise?.Diverged is not null)
            .GroupBy(run => run.Layer, run => run.Audit!.Noise!.Diverged!.ToString(), StringComparer.Ordinal)
            .Select(seeds => $"{seeds.Key} on shuffled labels diverged with {FigureText.List([.. seeds])}: its noise control tells nothing.");
}

/// <summary>The split of the first seed in words, for a terminal; that of other seeds is in the document.</summary>
internal static class SplitLine
{
    /// <summary>The line; null where the runs do not tell.</summary>
    public static string? Of(IReadOnlyList<RunResult> runs)
    {
        var seed = runs[0].Seed;
        var shown = runs.Where(run => run.Seed == seed && run.Split is not null).ToArray();
        if (shown is not [{ Split: { } first }, ..])
        {
            return null;
        }

        // One that diverged counts no test samples.
        var run = shown.FirstOrDefault(other => other.Diverged is null);
        var fits = shown.GroupBy(other => Part("", other.Split!.Fit), StringComparer.Ordinal).ToArray();
        var parts = fits.Select(group => Part(fits.Length == 1 ? "fit" : $"fit of {string.Join(", ", group.Select(other => other.Layer))}", group.First().Split!.Fit))
            .Append(Part("mask statistics", first.MaskStatistics))
            .Concat(first.Selection.Sum() == 0 ? [] : [Part("selection", first.Selection)])
            .Concat(run is null ? [] : [Part("test", [.. run.Confusion.Select(row => row.Sum())])]);
        return string.Create(CultureInfo.InvariantCulture, $"Samples, and how many of each class (seed {seed}): {string.Join("; ", parts)}.");
    }

    private static string Part(string name, IReadOnlyList<long> counts) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} {counts.Sum()} ({string.Join(' ', counts)})");
}
