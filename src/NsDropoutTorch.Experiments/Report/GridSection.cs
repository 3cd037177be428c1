using System.Globalization;
using MathNet.Numerics.Statistics;
using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Statistics;
using NsDropoutTorch.Experiments.Text;
using static NsDropoutTorch.Experiments.Charts.PlotArea;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>Test error against the drop rate, where a layer was run with at least three, and what choosing the rate on the selection part comes to.</summary>
internal static class GridSection
{
    private const int Fewest = 3;

    public static Html Of(ComparisonResults results)
    {
        var families = RatesOf.Families(results.Runs.Where(run => run.Diverged is null)).Where(family => family.Runs.Select(run => run.P).Distinct().Count() >= Fewest).ToArray();
        return families.Length == 0 && results.Tuned is null ? Html.Empty : Html.Of(
            $"""
            <section>
            <h2>Error against rate</h2>
            {(results.Tuned is { } tuned ? Table(tuned) : Html.Empty)}{families.Select((family, number) => Chart(family.Layer, family.Runs, $"grid{number}"))}</section>

            """);
    }

    private static Html Table(IReadOnlyList<TunedLayer> tuned) => Html.Of(
        $"""
        <table>
        <caption>Test error without labels with the rate chosen for each seed; chosen on the selection part, it is a result, chosen on the test set, it is not: that choice has seen the answers</caption>
        <thead><tr><th scope="col">layer</th><th scope="col">chosen on the selection part <small>95 % interval of the median</small></th><th scope="col">rates chosen</th><th scope="col">chosen on the test set <small>leaks</small></th></tr></thead>
        <tbody>
        {tuned.Select(Row)}</tbody>
        </table>

        """);

    private static Html Row(TunedLayer layer) => Html.Of(
        $"""
        <tr><th scope="row">{layer.Layer}</th><td><strong>{FigureText.Percent(layer.TestError.Mean)}</strong> <small>{Range(layer.TestError.MedianInterval)}</small></td><td>{string.Join(", ", layer.Choices.Select(choice => choice.P).Distinct().Order().Select(p => FigureText.Number(p, "0.###")))} <small>n = {layer.Choices.Count}</small></td><td>{FigureText.Percent(layer.OracleTestError.Mean)}</td></tr>

        """);

    private static string Range(Interval? interval) =>
        interval is null ? "no interval" : $"{FigureText.Number(interval.Low * 100, "F2")} to {FigureText.Number(interval.High * 100, "F2")}";

    private static Html Chart(string layer, IReadOnlyList<RunResult> runs, string id)
    {
        var rates = runs.GroupBy(run => run.P).OrderBy(rate => rate.Key).Select(rate => (P: rate.Key, Errors: rate.Select(run => run.TestError).ToArray())).ToArray();
        var (across, up) = (LinearAxis.UpTo(rates[^1].P), LinearAxis.UpTo(runs.Max(run => run.TestError)));
        var words = string.Join(' ', rates.Select(rate => string.Create(CultureInfo.InvariantCulture, $"p = {rate.P:0.###}: median {FigureText.Percent(rate.Errors.Median())}{Words(MedianInterval.Of(rate.Errors))}.")));
        return new Figure(id, $"Test error without labels against the drop rate: {layer}", words, Width, Height).Of(
            Html.Of(
                $"""
                {up.Ticks.Select(tick => Html.Of($"<path class=\"grid\" d=\"M{Left:0.#} {Y(tick):0.#}H{Right:0.#}\"/><text class=\"end\" x=\"{Left - 6:0.#}\" y=\"{Y(tick) + 4:0.#}\">{FigureText.Number(tick * 100, "0.####")}</text>"))}
                {across.Ticks.Select(tick => Html.Of($"<text class=\"middle\" x=\"{X(tick):0.#}\" y=\"{Bottom + 16:0.#}\">{FigureText.Number(tick, "0.##")}</text>"))}
                {rates.Select(rate => Mark(rate.P, rate.Errors))}
                <path class="line selection" d="M{string.Join('L', rates.Select(rate => string.Create(CultureInfo.InvariantCulture, $"{X(rate.P):0.#} {Y(rate.Errors.Median()):0.#}")))}"/><text class="middle" x="{(Left + Right) / 2:0.#}" y="{Bottom + 32:0.#}">drop rate p; error in %</text>
                """),
            Html.Of($"<strong>{layer}</strong> The line joins medians over seeds; a bar is the 95 % interval of a median, which takes {SeedCount.ForAnInterval} seeds; each dot is a seed."));

        double X(double p) => PlotArea.X(across.Position(p));

        double Y(double error) => PlotArea.Y(up.Position(error));

        Html Mark(double p, double[] errors)
        {
            var bar = MedianInterval.Of(errors) is not { } interval ? Html.Empty : Html.Of($"""<path class="interval" d="M{X(p):0.#} {Y(interval.Low):0.#}V{Y(interval.High):0.#}"/>""");
            return Html.Of($"""{bar}{errors.Select(error => Html.Of($"""<circle class="dot" cx="{X(p):0.#}" cy="{Y(error):0.#}" r="2"/>"""))}""");
        }
    }

    private static string Words(Interval? interval) => interval is null ? "" : $" (95 % interval {Range(interval)} %)";
}
