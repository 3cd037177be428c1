using System.Globalization;
using NsDropoutTorch.Experiments.Text;
using static NsDropoutTorch.Experiments.Charts.PlotArea;

namespace NsDropoutTorch.Experiments.Charts;

/// <summary>Curves over the frames of a film, with a line at the frame that is shown. Epochs are on a logarithmic axis, since a network learns most in the first.</summary>
/// <param name="axis">The axis of the figures, shared by the charts of a page.</param>
/// <param name="epochs">The epoch of each frame, from 0, ascending; the last above 0.</param>
internal sealed class FilmChart(LinearAxis axis, IReadOnlyList<int> epochs)
{
    private const double Shift = 70;
    private const double ChartHeight = Height - Shift;
    private const double Floor = Bottom - Shift;

    /// <summary>The chart as a figure.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="unit">A figure as a tick's text.</param>
    /// <param name="curves">Name, style class and figure in each frame; what is not finite has no place.</param>
    public Html Draw(string id, string title, Func<double, string> unit, params (string Name, string Style, IReadOnlyList<double> Values)[] curves) =>
        new Figure(id, title, string.Join(' ', curves.Select(curve => Invariant($"{curve.Name}: {curve.Values[0]:0.000} at the first epoch, {curve.Values[^1]:0.000} at the last."))), Width, ChartHeight).Of(
            Html.Of(
                $"""
                {axis.Ticks.Select(tick => Horizontal(tick, unit))}
                {Decades().Select(Vertical)}<text class="middle" x="{(Left + Right) / 2:0.#}" y="{Floor + 31:0.#}">epoch</text>
                {curves.Select(curve => Line(curve.Style, curve.Values))}
                {Player.Frames(epochs.Select(epoch => Html.Of($"""<path class="cursor" d="M{X(epoch):0.#} {Top:0.#}V{Floor:0.#}"/>""")))}
                """),
            Html.Of($"<strong>{title}</strong> {curves.Select(curve => Html.Of($"<span class=\"key {curve.Style}\">{curve.Name}</span> "))}"));

    private IEnumerable<int> Decades()
    {
        for (var epoch = 1L; epoch <= epochs[^1] + 1; epoch *= 10)
            yield return (int)epoch;
    }

    private Html Horizontal(double value, Func<double, string> unit) => Html.Of(
        $"""<path class="grid" d="M{Left:0.#} {Y(value):0.#}H{Right:0.#}"/><text class="end" x="{Left - 6:0.#}" y="{Y(value) + 4:0.#}">{unit(value)}</text>""");

    private Html Vertical(int epoch) => Html.Of(
        $"""<path class="minor" d="M{X(epoch - 1):0.#} {Top:0.#}V{Floor:0.#}"/><text class="middle" x="{X(epoch - 1):0.#}" y="{Floor + 16:0.#}">{epoch:#,##0}</text>""");

    private Html Line(string style, IReadOnlyList<double> values)
    {
        var points = values.Index().Where(value => double.IsFinite(value.Item)).Select(value =>
            string.Create(CultureInfo.InvariantCulture, $"{X(epochs[value.Index]):0.#} {Y(value.Item):0.#}")).ToArray();
        return points.Length == 0 ? Html.Empty : Html.Of($"""<path class="line {style}" d="M{string.Join('L', points)}"/>""");
    }

    private double X(int epoch) => PlotArea.X(Math.Log(epoch + 1) / Math.Log(epochs[^1] + 1));

    private double Y(double value) => Floor - ((Floor - Top) * axis.Position(value));
}
