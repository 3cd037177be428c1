using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>Error curves of training and selection, one chart per layer with shared axes.</summary>
internal static class CurveSection
{
    public static Html Of(IReadOnlyList<RunResult> runs)
    {
        var layers = runs.GroupBy(run => run.Layer, StringComparer.Ordinal).Select(layer => (layer.Key, Runs: layer.ToArray())).ToArray();
        var curves = layers.Select(layer => Curves(layer.Runs)).ToArray();
        var points = curves.SelectMany(layer => layer).SelectMany(curve => curve.Points).ToArray();
        if (points.Length == 0)
        {
            return Html.Empty;
        }

        var chart = new ErrorChart(LogAxis.Over(points.SelectMany(point => new[] { point.Low, point.High })), points.Max(point => point.Epoch));
        var charts = layers.Zip(curves).Select((layer, i) => chart.Draw(Invariant($"curves-{i}"), layer.First.Key, layer.Second, Chosen(layer.First.Runs)));
        return Html.Of(
            $"""
            <section>
            <h2>Error over epochs</h2>
            <p>{Legend(runs)}</p>
            <div class="gallery">
            {charts}</div>
            </section>

            """);
    }

    private static Curve[] Curves(RunResult[] runs)
    {
        Curve[] curves =
        [
            CurveOf("training", "train", runs, point => point.TrainError),
            CurveOf("selection, without labels", "selection", runs, point => point.SelectionError),
            CurveOf("selection, label masks: leaks", "leak", runs, point => point.SelectionErrorLabelMask),
        ];
        return [.. curves.Where(curve => curve.Points.Count > 0)];
    }

    private static Curve CurveOf(string name, string style, RunResult[] runs, Func<HistoryPoint, double?> figure) =>
        Curve.Of(name, style, runs.SelectMany(run => run.History), point => point.Epoch, figure);

    // The error by which the epoch was chosen, which may be the one with label masks.
    private static IEnumerable<(int Epoch, double Error)> Chosen(RunResult[] runs) =>
        from run in runs
        from point in run.History
        where point.Epoch == run.BestEpoch
        let error = point.SelectionErrorLabelMask ?? point.SelectionError
        where error is { } value && double.IsFinite(value)
        select (run.BestEpoch, error.Value);

    private static string Legend(IReadOnlyList<RunResult> runs)
    {
        var bands = runs.DistinctBy(run => run.Seed).Count() > 1 ? "Lines are medians over seeds, bands reach from the best seed to the worst. " : "";
        var readers = runs.Where(run => run.MaskFollowingRate is not null).Select(run => run.Layer).Distinct(StringComparer.Ordinal).ToArray();
        var leak = readers.Length == 0 ? "" : $" In training {FigureText.List(readers)} sees the labels, so a low training error there is no achievement.";
        return $"{bands}Dots mark the epochs whose weights were scored. An error of zero lies on the lower edge.{leak}";
    }
}

/// <summary>Error curves of any training runs side by side, on one logarithmic axis, as an HTML page that needs nothing else.</summary>
public static class ErrorCurvePage
{
    /// <summary>The page; a pure function of the runs.</summary>
    /// <param name="title">What is shown.</param>
    /// <param name="runs">The runs, a chart each.</param>
    public static string Render(string title, IReadOnlyList<ErrorCurves> runs)
    {
        Curve[][] curves = [.. runs.Select(run => new[] { CurveOf("training", "train", run.Train), CurveOf("test", "selection", run.Test) })];
        var points = curves.SelectMany(run => run).SelectMany(curve => curve.Points).ToArray();
        var chart = new ErrorChart(LogAxis.Over(points.Select(point => point.Middle)), points.Select(point => point.Epoch).DefaultIfEmpty().Max());
        return HtmlPage.Of(title, Html.Of(
            $"""
            <header>
            <h1>{title}</h1>
            </header>
            <section>
            <h2>Error over epochs</h2>
            <p>An error of zero lies on the lower edge.</p>
            <div class="gallery">
            {runs.Zip(curves, (run, lines) => (run.Name, lines)).Select((run, i) => chart.Draw($"curves-{i}", run.Name, run.lines, []))}</div>
            </section>

            """));
    }

    private static Curve CurveOf(string name, string style, IReadOnlyList<double> errors) => new(
        name, style, [.. errors.Index().Where(error => double.IsFinite(error.Item)).Select(error => CurvePoint.Of(error.Index, [error.Item]))]);
}

/// <summary>The errors of a training run over its epochs, as fractions in [0, 1].</summary>
/// <param name="Name">What was trained.</param>
/// <param name="Train">Error on samples learnt from, by epoch; NaN where it was not measured.</param>
/// <param name="Test">Error on other samples, likewise.</param>
public sealed record ErrorCurves(string Name, IReadOnlyList<double> Train, IReadOnlyList<double> Test);
