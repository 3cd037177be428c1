using System.Globalization;
using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Text;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>Drop rates over epochs of layers that learn them.</summary>
internal static class RateSection
{
    private const double Width = 360;
    private const double Height = 160;
    private const double Left = 44;
    private const double Right = 350;
    private const double Top = 8;
    private const double Bottom = 124;

    public static Html Of(IReadOnlyList<RunResult> runs)
    {
        var charts = runs.GroupBy(run => run.Layer, StringComparer.Ordinal).SelectMany(layer => Modules(layer), (layer, module) => (Layer: layer.Key, Module: module, Lines: Lines(layer, module))).ToArray();
        return charts.Length == 0 ? Html.Empty : Html.Of(
            $"""
            <section>
            <h2>Learned drop rates</h2>
            <p>The rate p of each layer that learns it, after every epoch; one line per seed.</p>
            <div class="gallery">
            {charts.Select((chart, i) => Chart($"rates-{i}", chart.Layer, chart.Module, chart.Lines))}</div>
            </section>

            """);
    }

    private static IEnumerable<string> Modules(IEnumerable<RunResult> runs) =>
        runs.SelectMany(run => run.History).SelectMany(point => point.LearnedRates ?? NamedValues.None).Select(rate => rate.Key).Distinct(StringComparer.Ordinal);

    private static (int Epoch, double Rate)[][] Lines(IEnumerable<RunResult> runs, string module) =>
    [
        .. runs.Select(run => run.History
            .Where(point => point.LearnedRates?.ContainsKey(module) == true && double.IsFinite(point.LearnedRates[module]))
            .Select(point => (point.Epoch, point.LearnedRates![module])).ToArray())
            .Where(line => line.Length > 0),
    ];

    private static Html Chart(string id, string layer, string module, (int Epoch, double Rate)[][] lines)
    {
        var (first, last) = (Mean(lines, line => line[0].Rate), Mean(lines, line => line[^1].Rate));
        var words = string.Create(CultureInfo.InvariantCulture, $"p is {first:0.###} after the first epoch and {last:0.###} after the last, on average over seeds.");
        var lastEpoch = lines.SelectMany(line => line).Select(point => point.Epoch).DefaultIfEmpty().Max();
        return new Figure(id, $"Learned drop rate over epochs: {layer}, module {module}", words, Width, Height).Of(
            Html.Of(
                $"""
                {new[] { 0, 0.25, 0.5, 0.75, 1 }.Select(Grid)}
                {lines.Select(line => Html.Of($"<path class=\"line selection\" d=\"M{string.Join('L', line.Select(point => Point(point, lastEpoch)))}\"/>"))}
                <text x="{Left:0.#}" y="{Bottom + 16:0.#}">1</text><text class="end" x="{Right:0.#}" y="{Bottom + 16:0.#}">{lastEpoch + 1}</text><text class="middle" x="{(Left + Right) / 2:0.#}" y="{Bottom + 32:0.#}">epoch</text>
                """),
            Html.Of($"<strong>{layer}</strong> Module {module}. {words}"));
    }

    private static double Mean((int Epoch, double Rate)[][] lines, Func<(int Epoch, double Rate)[], double> figure) => lines.Select(figure).DefaultIfEmpty(double.NaN).Average();

    private static Html Grid(double rate) => Html.Of(
        $"""<path class="grid" d="M{Left:0.#} {Y(rate):0.#}H{Right:0.#}"/><text class="end" x="{Left - 6:0.#}" y="{Y(rate) + 4:0.#}">{FigureText.Number(rate, "0.##")}</text>""");

    private static string Point((int Epoch, double Rate) point, int lastEpoch) => string.Create(
        CultureInfo.InvariantCulture, $"{Left + ((Right - Left) * point.Epoch / Math.Max(1, lastEpoch)):0.#} {Y(point.Rate):0.##}");

    private static double Y(double rate) => Bottom - ((Bottom - Top) * rate);
}
