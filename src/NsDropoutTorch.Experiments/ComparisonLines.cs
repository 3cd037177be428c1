using NsDropoutTorch.Experiments.Report;
using NsDropoutTorch.Experiments.Statistics;

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
        Invariant($"• {comparison.Layer} against {comparison.Baseline}, n = {comparison.Pairs} seeds: mean {Words.Points(comparison.MeanDifference)} percentage points{Range(comparison.Interval)}, ")
        + $"median {(comparison.MedianDifference is { } median ? Words.Points(median) : Words.Absent)}{Range(comparison.MedianInterval)}; "
        + $"p {Words.Relation(comparison.P)}, after Holm's correction p {Words.Relation(comparison.PHolm)}.";

    private static string Range(Interval? interval) => interval is null ? "" : $" (95 % interval {Words.Points(interval.Low)} to {Words.Points(interval.High)})";
}
