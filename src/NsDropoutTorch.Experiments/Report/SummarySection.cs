using MathNet.Numerics.Statistics;
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

/// <summary>Label-free test errors: a row per layer, a dot per seed, the median and its interval.</summary>
internal static class ErrorDots
{
    private const double Width = 360;
    private const double Left = 16;
    private const double Right = 346;
    private const double RowHeight = 44;
    private const double Top = 6;

    public static Html Of(IReadOnlyList<RunResult> runs)
    {
        var layers = runs.GroupBy(run => run.Layer, StringComparer.Ordinal).Select(layer => (Name: layer.Key, Errors: layer.Select(run => run.TestError).ToArray())).ToArray();
        var axis = LinearAxis.UpTo(runs.Max(run => run.TestError));
        var bottom = Top + (RowHeight * layers.Length);
        return new Figure("errors", "Test error without labels, by layer", string.Join(' ', layers.Select(Describe)), Width, bottom + 36).Of(
            Html.Of($"{Grid(axis, bottom)}{layers.Select((layer, i) => Row(axis, layer.Name, layer.Errors, Top + (RowHeight * i)))}"),
            Html.Of($"Each dot is a seed; the upright stroke is the median, the bar its 95 % interval{(layers.All(layer => SeedCount.WithoutInterval(layer.Errors.Length) is null) ? "" : ", which so few seeds cannot give")}."));
    }

    private static string Describe((string Name, double[] Errors) layer) =>
        $"{layer.Name}: median {FigureText.Percent(layer.Errors.Median())}, from {FigureText.Percent(layer.Errors.Min())} to {FigureText.Percent(layer.Errors.Max())}.";

    private static Html Grid(LinearAxis axis, double bottom) => Html.Of(
        $"""
        {axis.Ticks.Select(tick => Html.Of($"<path class=\"grid\" d=\"M{X(axis, tick):0.#} {Top:0.#}V{bottom:0.#}\"/><text class=\"middle\" x=\"{X(axis, tick):0.#}\" y=\"{bottom + 16:0.#}\">{FigureText.Number(tick * 100, "0.####")}</text>"))}
        <text class="middle" x="{(Left + Right) / 2:0.#}" y="{bottom + 32:0.#}">test error without labels, %</text>

        """);

    private static Html Row(LinearAxis axis, string name, double[] errors, double top)
    {
        var y = top + 30;
        var interval = MedianInterval.Of(errors) is not { } bar ? Html.Empty : Html.Of(
            $"""<path class="interval" d="M{X(axis, bar.Low):0.#} {y:0.#}H{X(axis, bar.High):0.#}"/>""");
        var dots = errors.Select(error => Html.Of($"""<circle class="dot" cx="{X(axis, error):0.#}" cy="{y:0.#}" r="4"/>"""));
        return Html.Of(
            $"""
            <text class="name" x="{Left:0.#}" y="{top + 14:0.#}">{name}</text>
            {interval}{dots}<path class="median" d="M{X(axis, errors.Median()):0.#} {y - 9:0.#}V{y + 9:0.#}"/>

            """);
    }

    private static double X(LinearAxis axis, double error) => Left + ((Right - Left) * axis.Position(error));
}
