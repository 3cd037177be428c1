using NsDropoutTorch.Experiments.Report;
using NsDropoutTorch.Experiments.Statistics;

namespace NsDropoutTorch.Experiments;

/// <summary>Comparisons with the baseline in words, for a terminal; a single seed, of which statistics say nothing, has but the caution.</summary>
internal static class ComparisonLines
{
    public static IEnumerable<string> Of(IReadOnlyList<PairedComparison> comparisons)
    {
        var cautions = comparisons.Select(comparison => SeedCount.Caution(comparison.Pairs, comparisons.Count)).OfType<string>();
        return comparisons.Where(comparison => comparison.Pairs > 1).Select(Of).Concat(cautions.Distinct(StringComparer.Ordinal));
    }

    private static string Of(PairedComparison comparison)
    {
        var interval = comparison.Interval is { } range ? $" (95 % interval {Words.Points(range.Low)} to {Words.Points(range.High)})" : "";
        return $"• {comparison.Layer} against {comparison.Baseline}: {Words.Points(comparison.MeanDifference)} percentage points{interval}, "
            + Invariant($"p {Words.Relation(comparison.P)}, after Holm's correction p {Words.Relation(comparison.PHolm)}, n = {comparison.Pairs} seeds.");
    }
}
