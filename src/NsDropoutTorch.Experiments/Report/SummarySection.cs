using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Statistics;
using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>Errors of all layers with their intervals.</summary>
internal static class SummarySection
{
    public static Html Of(ComparisonResults results)
    {
        RunResult[] scored = [.. results.Runs.Where(run => run.Diverged is null)];
        return Html.Of(
            $"""
            <section>
            <h2>Test error</h2>
            <div class="pair">
            {Table(LayerSummary.Of(results.Runs))}
            {(scored.Length == 0 ? Html.Empty : ErrorDots.Of(scored))}</div>
            </section>

            """);
    }

    private static Html Table(IReadOnlyList<LayerSummary> layers) => Html.Of(
        $"""
        <table>
        <caption>Test error without labels, mean over seeds with the 95 % interval of the median, which takes {SeedCount.ForAnInterval} seeds, and time of a run</caption>
        <thead><tr><th scope="col">layer</th><th scope="col">mean <small>95 % interval of the median</small></th><th scope="col">deviation <small>over seeds</small></th><th scope="col">seconds <small>samples/s</small></th></tr></thead>
        <tbody>
        {layers.Select(Row)}</tbody>
        </table>

        """);

    private static Html Row(LayerSummary layer) => Html.Of(
        $"""
        <tr><th scope="row">{layer.Layer} <small>{(layer.P == 0 ? "" : $"p = {FigureText.Number(layer.P, "0.###")}")}</small></th><td><strong>{Mean(layer)}</strong> <small>{Range(layer)}</small></td><td>{(layer.TestError?.StandardDeviation is { } deviation ? FigureText.Number(deviation * 100, "F2") : FigureText.Absent)} <small>{Seeds(layer)}</small></td><td>{Number(layer.TrainSeconds, "F1")} <small>{Number(layer.SamplesPerSecond, "#,##0")}</small></td></tr>

        """);

    private static string Mean(LayerSummary layer) => layer.TestError is { } error ? FigureText.Percent(error.Mean) : Divergence.Word;

    private static string Range(LayerSummary layer) =>
        layer.TestError?.MedianInterval is { } interval ? $"{FigureText.Number(interval.Low * 100, "F2")} to {FigureText.Number(interval.High * 100, "F2")}" : "no interval";

    private static string Seeds(LayerSummary layer) => Invariant($"n = {layer.Runs}{(layer.Diverged.Count == 0 ? "" : $", {layer.Diverged.Count} diverged")}");

    private static string Number(SampleSummary? spread, string format) => spread is null ? FigureText.Absent : FigureText.Number(spread.Mean, format);
}
