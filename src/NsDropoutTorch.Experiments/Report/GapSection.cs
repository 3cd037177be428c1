using System.Globalization;
using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>Distributions of the gaps between training and validation, where runs recorded them.</summary>
internal static class GapSection
{
    private const double Width = 360;
    private const double RowHeight = 34;
    private const double Left = 52;
    private const double Right = 350;

    public static Html Of(IReadOnlyList<RunResult> runs)
    {
        var recorded = runs.Where(run => run.Gaps is not null).DistinctBy(run => run.Layer, StringComparer.Ordinal)
            .SelectMany(run => run.Gaps!, (run, gaps) => (run.Layer, Gaps: gaps)).Where(chart => chart.Gaps.Counts.Count > 0).ToArray();
        return recorded.Length == 0 ? Html.Empty : Html.Of(
            $"""
            <section>
            <h2>Gaps between training and validation</h2>
            <p>How many neurons have which gap, mean activation in training minus mean activation in validation, by class, after the last epoch. Right of the line at zero a neuron is more active in training.</p>
            <div class="gallery">
            {recorded.Select((chart, i) => Chart($"gaps-{i}", chart.Layer, chart.Gaps))}</div>
            </section>

            """);
    }

    private static Html Chart(string id, string layer, GapHistogram gaps)
    {
        var bottom = RowHeight * gaps.Counts.Count;
        var most = Math.Max(1, gaps.Counts.SelectMany(row => row).DefaultIfEmpty().Max());
        var range = $"{FigureText.Number(gaps.Low, "0.####")} to {FigureText.Number(gaps.High, "0.####")}";
        var zero = Left + ((Right - Left) * Math.Clamp(-gaps.Low / (gaps.High - gaps.Low), 0, 1));
        return new Figure(id, $"Distribution of gaps by class: {layer}, module {gaps.Module}", Invariant($"Gaps range from {range}. The fullest bin holds {most} neurons."), Width, bottom + 22).Of(
            Html.Of(
                $"""
                {gaps.Counts.Select((row, label) => Row(row, gaps.Counts.Count == 1 ? "all" : $"class {label}", label, most))}
                <path class="zero" d="M{zero:0.#} 0V{bottom:0.#}"/><text x="{Left:0.#}" y="{bottom + 16:0.#}">{FigureText.Number(gaps.Low, "0.####")}</text><text class="end" x="{Right:0.#}" y="{bottom + 16:0.#}">{FigureText.Number(gaps.High, "0.####")}</text>
                """),
            Html.Of($"<strong>{layer}</strong> Module {gaps.Module}, gaps from {range}."));
    }

    private static Html Row(IReadOnlyList<long> counts, string name, int row, long most)
    {
        var floor = RowHeight * (row + 1);
        var width = (Right - Left) / Math.Max(1, counts.Count);
        var bars = string.Concat(counts.Select(count => string.Create(
            CultureInfo.InvariantCulture, $"V{floor - ((RowHeight - 6) * count / most):0.#}h{width:0.##}")));
        return Html.Of($"""<text class="end" x="{Left - 8:0.#}" y="{floor - 6:0.#}">{name}</text><path class="bars" d="M{Left:0.#} {floor:0.#}{bars}V{floor:0.#}z"/>""");
    }
}
