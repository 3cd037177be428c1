using NsDropoutTorch.Experiments.Text;
using static NsDropoutTorch.Experiments.Charts.PlotArea;

namespace NsDropoutTorch.Experiments.Charts;

/// <summary>Error curves on a logarithmic axis, with bands over seeds.</summary>
/// <param name="axis">The axis, shared by the charts of a page.</param>
/// <param name="lastEpoch">The end of the other axis, counted from 0, shared as well.</param>
internal sealed class ErrorChart(LogAxis axis, int lastEpoch)
{
    /// <summary>The chart as a figure.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="name">What ran: a layer, a run.</param>
    /// <param name="curves">What to draw.</param>
    /// <param name="chosen">Epoch and error of the weights that were scored, one per seed.</param>
    public Html Draw(string id, string name, IReadOnlyList<Curve> curves, IEnumerable<(int Epoch, double Error)> chosen) =>
        new Figure(id, $"Error over epochs: {name}", string.Join(' ', curves.Select(Describe)), Width, Height).Of(
            Html.Of(
                $"""
                {Grid()}
                {curves.Select(Band)}
                {curves.Select(Line)}
                {chosen.Select(point => Html.Of($"<circle class=\"chosen\" cx=\"{X(point.Epoch):0.#}\" cy=\"{Y(point.Error):0.#}\" r=\"3\"/>"))}
                """),
            Html.Of($"<strong>{name}</strong> {curves.Select(curve => Html.Of($"<span class=\"key {curve.Style}\">{curve.Name}</span> "))}"));

    private static string Describe(Curve curve) => curve.Points.Count == 0
        ? $"{curve.Name}: not measured."
        : $"{curve.Name}: {FigureText.Percent(curve.Points[0].Middle)} at the first epoch, "
            + $"lowest {FigureText.Percent(curve.Points.Min(point => point.Middle))}, {FigureText.Percent(curve.Points[^1].Middle)} at the last.";

    private Html Grid()
    {
        var minor = axis.MinorTicks.Select(tick => HorizontalLine(tick, "minor"));
        var major = axis.Ticks.Select(tick => Html.Of(
            $"""{HorizontalLine(tick, "grid")}<text class="end" x="{Left - 6:0.#}" y="{Y(tick) + 4:0.#}">{FigureText.ShortPercent(tick)}</text>"""));
        // Curves count epochs from 0, people from 1.
        var epochs = LinearAxis.UpTo(lastEpoch + 1).Ticks.Where(epoch => epoch >= 1 && epoch <= lastEpoch + 1 && double.IsInteger(epoch)).Select(epoch => Html.Of(
            $"""<text class="middle" x="{X(epoch - 1):0.#}" y="{Bottom + 16:0.#}">{epoch:0}</text>"""));
        return Html.Of($"""{minor}{major}{epochs}<text class="middle" x="{(Left + Right) / 2:0.#}" y="{Bottom + 32:0.#}">epoch</text>""");
    }

    private Html HorizontalLine(double value, string style) =>
        Html.Of($"""<path class="{style}" d="M{Left:0.#} {Y(value):0.#}H{Right:0.#}"/>""");

    private Html Band(Curve curve)
    {
        if (curve.Points.All(point => point.Low == point.High))
        {
            return Html.Empty;
        }

        var there = curve.Points.Select(point => Point(point.Epoch, point.High));
        var back = curve.Points.Reverse().Select(point => Point(point.Epoch, point.Low));
        return Html.Of($"""<path class="band {curve.Style}" d="M{string.Join('L', there.Concat(back))}Z"/>""");
    }

    private Html Line(Curve curve) => curve.Points.Count == 0 ? Html.Empty : Html.Of(
        $"""<path class="line {curve.Style}" d="M{string.Join('L', curve.Points.Select(point => Point(point.Epoch, point.Middle)))}"/>""");

    private string Point(int epoch, double error) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{X(epoch):0.#} {Y(error):0.#}");

    private double X(double epoch) => PlotArea.X(lastEpoch == 0 ? 0 : epoch / lastEpoch);

    private double Y(double error) => PlotArea.Y(axis.Position(error));
}

/// <summary>One figure over epochs.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Style">Its style class: <c>train</c>, <c>selection</c> or <c>leak</c>.</param>
/// <param name="Points">Its values where there are any, by epoch.</param>
internal sealed record Curve(string Name, string Style, IReadOnlyList<CurvePoint> Points)
{
    /// <summary>Middle and range over runs at each epoch.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="style">Its style class.</param>
    /// <param name="records">What was recorded of any number of runs.</param>
    /// <param name="epoch">The epoch of a record.</param>
    /// <param name="figure">Its figure; null and NaN are left out.</param>
    public static Curve Of<T>(string name, string style, IEnumerable<T> records, Func<T, int> epoch, Func<T, double?> figure) => new(
        name,
        style,
        [
            .. records
                .Where(record => figure(record) is { } value && double.IsFinite(value))
                .GroupBy(epoch, record => figure(record)!.Value)
                .OrderBy(values => values.Key)
                .Select(values => CurvePoint.Of(values.Key, [.. values.Order()])),
        ]);
}

/// <summary>The values of several seeds at one epoch.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Low">The smallest.</param>
/// <param name="Middle">The median.</param>
/// <param name="High">The largest.</param>
internal sealed record CurvePoint(int Epoch, double Low, double Middle, double High)
{
    /// <param name="epoch">The epoch.</param>
    /// <param name="sorted">The values, ascending, at least one.</param>
    public static CurvePoint Of(int epoch, double[] sorted) =>
        new(epoch, sorted[0], (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[^1]);
}
