using NsDropoutTorch.Experiments.Charts;

namespace NsDropoutTorch.Experiments.Report;

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
