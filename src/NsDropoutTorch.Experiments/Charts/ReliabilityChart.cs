using NsDropoutTorch.Experiments.Text;
using NsDropoutTorch.Training.Metrics;
using static NsDropoutTorch.Experiments.Charts.PlotArea;

namespace NsDropoutTorch.Experiments.Charts;

/// <summary>A reliability diagram: how often a model is right over how sure it is, a bar for each bin, beside the line on which both are equal.</summary>
internal static class ReliabilityChart
{
    /// <summary>The diagram as a figure; a sentence where nothing was measured.</summary>
    public static Html Of(string id, string name, CalibrationError error)
    {
        if (error.Bins.All(bin => bin.Count == 0))
        {
            return Html.Of($"<p>{error.ToString()}</p>");
        }

        return new Figure(id, $"Reliability diagram: {name}", Describe(error.Bins), Width, Height).Of(
            Html.Of(
                $"""
                {LinearAxis.UpTo(1).Ticks.Select(Tick)}
                {error.Bins.Where(bin => bin.Count > 0).Select(Bar)}
                <path class="zero" d="M{X(0):0.#} {Y(0):0.#}L{X(1):0.#} {Y(1):0.#}"/>
                {error.Bins.Where(bin => bin.Count > 0).Select(bin => Html.Of($"""<circle class="chosen" cx="{X(bin.Confidence):0.#}" cy="{Y(bin.Accuracy):0.#}" r="2.5"/>"""))}
                <text class="middle" x="{X(0.5):0.#}" y="{Bottom + 32:0.#}">probability of the answer</text>
                """),
            Html.Of($"<strong>{name}</strong> Bars: how many answers are right. Circles below the line: too sure. {FigureText.Unbroken(error.ToString())}"));
    }

    private static string Describe(IEnumerable<CalibrationBin> bins) => string.Join(' ', bins.Where(bin => bin.Count > 0).Select(Sentence));

    private static string Sentence(CalibrationBin bin) => Invariant(
        $"Of {bin.Count} answers with a probability of {FigureText.Percent(bin.From)} to {FigureText.Percent(bin.To)}, {FigureText.Percent(bin.Confidence)} on average, {FigureText.Percent(bin.Accuracy)} are right.");

    private static Html Tick(double value) => Html.Of(
        $"""
        <path class="grid" d="M{Left:0.#} {Y(value):0.#}H{Right:0.#}"/><text class="end" x="{Left - 6:0.#}" y="{Y(value) + 4:0.#}">{FigureText.ShortPercent(value)}</text><text class="middle" x="{X(value):0.#}" y="{Bottom + 16:0.#}">{FigureText.ShortPercent(value)}</text>

        """);

    private static Html Bar(CalibrationBin bin) => Html.Of(
        $"""
        <path class="bars" d="M{X(bin.From) + 0.5:0.##} {Y(0):0.#}V{Y(bin.Accuracy):0.#}H{X(bin.To) - 0.5:0.##}V{Y(0):0.#}Z"><title>{Sentence(bin)}</title></path>

        """);
}
