using System.Globalization;

namespace NsDropoutTorch.Experiments;

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
