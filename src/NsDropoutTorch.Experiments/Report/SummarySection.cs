using NsDropoutTorch.Experiments.Statistics;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>Errors of all layers with their intervals.</summary>
internal static class SummarySection
{
    public static Html Of(ComparisonResults results) => Html.Of(
        $"""
        <section>
        <h2>Test error</h2>
        <div class="pair">
        {Table(results.Runs)}
        {ErrorDots.Of(results.Runs)}</div>
        </section>

        """);

    private static Html Table(IReadOnlyList<RunResult> runs) => Html.Of(
        $"""
        <table>
        <caption>Test error without labels, mean over seeds, and time of a run</caption>
        <thead><tr><th scope="col">layer</th><th scope="col">test error <small>95 % interval</small></th><th scope="col">deviation <small>over seeds</small></th><th scope="col">seconds <small>samples/s</small></th></tr></thead>
        <tbody>
        {LayerSummary.Of(runs).Select(layer => Row(layer, MeanInterval.Of([.. runs.Where(run => run.Layer == layer.Layer).Select(run => run.TestError)])))}</tbody>
        </table>

        """);

    private static Html Row(LayerSummary layer, Interval? interval) => Html.Of(
        $"""
        <tr><th scope="row">{layer.Layer} <small>{(layer.P == 0 ? "" : $"p = {Words.Number(layer.P, "0.###")}")}</small></th><td><strong>{Words.Percent(layer.TestError.Mean)}</strong> <small>{Range(interval)}</small></td><td>{(layer.TestError.StandardDeviation is { } deviation ? Words.Number(deviation * 100, "F2") : Words.Absent)} <small>n = {layer.Runs}</small></td><td>{Words.Number(layer.TrainSeconds.Mean, "F1")} <small>{Words.Number(layer.SamplesPerSecond.Mean, "#,##0")}</small></td></tr>

        """);

    private static string Range(Interval? interval) =>
        interval is null ? "no interval" : $"{Words.Number(interval.Low * 100, "F2")} to {Words.Number(interval.High * 100, "F2")}";
}
