using NsDropoutTorch.Training;
using static NsDropoutTorch.Experiments.Charts.PlotArea;

namespace NsDropoutTorch.Experiments.Charts;

/// <summary>The loss of a search for a learning rate over the rate, on a logarithmic axis, with the rate that was suggested.</summary>
internal static class RateChart
{
    private const int LowestDecade = -12;

    /// <summary>The chart as a figure; a sentence where there are fewer than two points.</summary>
    public static Html Of(LearningRateCurve curve)
    {
        if (curve.Rates.Count < 2)
        {
            return Html.Of($"<p>{curve.ToString()}</p>");
        }

        var (rates, losses) = (LogAxis.Over(curve.Rates, LowestDecade), LinearAxis.UpTo(curve.Losses.Max()));
        var points = curve.Rates.Zip(curve.Losses, (rate, loss) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{X(rate):0.#} {Y(loss):0.#}"));
        var chosen = curve.Suggestion is { } best
            ? Html.Of($"""<circle class="chosen" cx="{X(best):0.#}" cy="{Y(curve.Rates.Zip(curve.Losses).First(point => point.First == best).Second):0.#}" r="3"/>""")
            : Html.Empty;
        return new Figure("rates", "Loss over learning rate", curve.ToString(), Width, Height).Of(
            Html.Of(
                $"""
                {losses.Ticks.Select(tick => Html.Of($"""<path class="grid" d="M{Left:0.#} {Y(tick):0.#}H{Right:0.#}"/><text class="end" x="{Left - 6:0.#}" y="{Y(tick) + 4:0.#}">{tick:0.##}</text>"""))}
                {rates.Ticks.Select(tick => Html.Of($"""<text class="middle" x="{X(tick):0.#}" y="{Bottom + 16:0.#}">{tick:0e-0}</text>"""))}
                <path class="line train" d="M{string.Join('L', points)}"/>{chosen}<text class="middle" x="{(Left + Right) / 2:0.#}" y="{Bottom + 32:0.#}">learning rate</text>
                """),
            Html.Of($"{curve.ToString()}"));

        double X(double rate) => PlotArea.X(rates.Position(rate));

        double Y(double loss) => PlotArea.Y(losses.Position(loss));
    }
}
