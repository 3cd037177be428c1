using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Statistics;
using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>Each layer against the baseline, in a table and in plain words; where rates were chosen, each method with the rates chosen.</summary>
internal static class DifferenceSection
{
    public static Html Of(ComparisonResults results) => results.TunedComparisons is not { } tuned
        ? results.Comparisons.Count == 0 ? Html.Empty : Section(results.Comparisons, "")
        : Html.Join([.. tuned.GroupBy(comparison => comparison.Baseline, StringComparer.Ordinal).Select(against => Section([.. against], ", rates chosen on the selection part"))]);

    private static Html Section(IReadOnlyList<PairedComparison> comparisons, string how)
    {
        var cautions = comparisons
            .SelectMany(comparison => new[] { SeedCount.Caution(comparison.Pairs, comparisons.Count), SeedCount.WithoutInterval(comparison.Pairs) })
            .OfType<string>().Distinct(StringComparer.Ordinal);
        return Html.Of(
            $"""
            <section>
            <h2>Against {comparisons[0].Baseline}{how}</h2>
            {cautions.Select(caution => Html.Of($"<p class=\"caution\">{caution}</p>\n"))}<ul>
            {comparisons.Select(comparison => Html.Of($"<li>{Sentence(comparison, comparisons.Count)}</li>\n"))}</ul>
            <table>
            <caption>Difference of label-free test errors in percentage points, paired by seed; below zero the layer is better than {comparisons[0].Baseline}</caption>
            <thead><tr><th scope="col">layer</th><th scope="col">mean <small>95 % interval</small></th><th scope="col">median <small>95 % interval</small></th><th scope="col">p <small>sign flip, n</small></th><th scope="col">p <small>after Holm</small></th></tr></thead>
            <tbody>
            {comparisons.Select(Row)}</tbody>
            </table>
            {(comparisons.Any(comparison => comparison.Interval is not null) ? Html.Of($"<p>{ComparisonLines.IntervalRemark}</p>\n") : Html.Empty)}</section>

            """);
    }

    private static Html Row(PairedComparison comparison) => Html.Of(
        $"""
        <tr><th scope="row">{comparison.Layer}</th><td><strong>{FigureText.Points(comparison.MeanDifference)}</strong> <small>{Range(comparison.Interval)}</small></td><td><strong>{FigureText.Points(comparison.MedianDifference!.Value)}</strong> <small>{Range(comparison.MedianInterval)}</small></td><td>{FigureText.P(comparison.P)} <small>n = {comparison.Pairs}</small></td><td>{FigureText.P(comparison.PHolm)}</td></tr>

        """);

    private static string Range(Interval? interval) => interval is null ? "no interval" : $"{FigureText.Points(interval.Low)} to {FigureText.Points(interval.High)}";

    private static string Sentence(PairedComparison comparison, int comparisons)
    {
        var size = FigureText.Number(Math.Abs(comparison.MeanDifference) * 100, "F2");
        var direction = comparison.MeanDifference < 0 ? "lower" : "higher";
        var shown = comparison.PHolm < SeedCount.Level ? "more than chance explains"
            : SeedCount.Caution(comparison.Pairs, comparisons) is null ? "no more than chance could explain"
            : "too few seeds to tell it from chance";
        return comparison.MeanDifference == 0
            ? $"{comparison.Layer} errs as often as {comparison.Baseline}."
            : $"The error of {comparison.Layer} is {size} percentage points {direction} than that of {comparison.Baseline}: {shown} (p {FigureText.Relation(comparison.PHolm)} after Holm).";
    }
}

/// <summary>Published figures beside the same measured, where the comparison repeats a source.</summary>
internal static class PublishedSection
{
    public static Html Of(ComparisonResults results) => results.Published is not { } published ? Html.Empty : Html.Of(
        $"""
        <section>
        <h2>Published beside measured</h2>
        <p>{published.Remark}</p>
        <table>
        <caption>{published.Source}</caption>
        <thead><tr><th scope="col">layer</th><th scope="col">published</th><th scope="col">measured</th><th scope="col">test error <small>without labels</small></th></tr></thead>
        <tbody>
        {PublishedRow.Of(results).Select(Row)}</tbody>
        </table>
        </section>

        """);

    private static Html Row(PublishedRow row) => Html.Of(
        $"""
        <tr><th scope="row">{row.Layer} <small>{row.Figure}</small></th><td>{FigureText.Unbroken(row.Published)}</td><td>{FigureText.Unbroken(row.Measured)}</td><td><strong>{FigureText.Unbroken(row.WithoutLabels)}</strong></td></tr>

        """);
}
