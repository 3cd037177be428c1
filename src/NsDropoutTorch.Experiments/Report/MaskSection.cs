using System.Globalization;
using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>Which neurons each class's mask drops over the epochs, where runs recorded it.</summary>
internal static class MaskSection
{
    /// <param name="runs">The runs that were scored.</param>
    /// <param name="moves">Whether the masks of one epoch are shown too, with a slider; the page must have the player's script.</param>
    public static Html Of(IReadOnlyList<RunResult> runs, bool moves)
    {
        var recorded = Recorded(runs);
        return recorded.Length == 0 ? Html.Empty : Html.Of(
            $"""
            <section>
            <h2>Masks over epochs</h2>
            <p>One panel per class; epochs go from left to right, neurons from top to bottom, and a streak lasts as long as its neuron is dropped. Long streaks are masks that have settled. The curve below shows the share of the dropped neurons that are others than an epoch before.</p>
            <div class="gallery">
            {recorded.Select((chart, i) => chart.Draw($"masks-{i}", moves))}</div>
            </section>

            """);
    }

    /// <summary>Whether there are masks that can move.</summary>
    /// <param name="runs">The runs that were scored.</param>
    public static bool CanMove(IReadOnlyList<RunResult> runs) => Recorded(runs).Any(chart => chart.CanMove);

    private static MaskChart[] Recorded(IReadOnlyList<RunResult> runs) =>
    [
        .. runs.Where(run => run.Masks is not null).DistinctBy(run => run.Layer, StringComparer.Ordinal)
            .SelectMany(run => run.Masks!, (run, masks) => new MaskChart(run.Layer, run.Seed, masks)).Where(chart => chart.HasContent),
    ];
}

/// <summary>The masks of one layer as small rasters, a class each, and below them how much the masks change from epoch to epoch.</summary>
/// <param name="layer">Name of the layer compared.</param>
/// <param name="seed">Seed of the run.</param>
/// <param name="masks">What was recorded.</param>
internal sealed class MaskChart(string layer, long seed, MaskHistory masks)
{
    private const double Width = 360;
    private const double PanelWidth = 172;
    private const double PanelHeight = 64;
    private const double Title = 18;
    private const double Gap = 16;
    private const double Row = PanelHeight + Title + 6;
    private const double CurveHeight = 56;

    private readonly int classes = masks.Snapshots.Select(snapshot => snapshot.Dropped.Count).DefaultIfEmpty().Max();

    /// <summary>Whether there is anything to draw.</summary>
    public bool HasContent => masks.NumFeatures > 0 && classes > 0;

    private double Rasters => (classes + 1) / 2 * Row;

    /// <summary>Whether there are masks of more than one epoch.</summary>
    public bool CanMove => HasContent && masks.Snapshots.Count > 1;

    /// <summary>The chart as a figure, or as a player with a line at the epoch that it shows and the masks of that epoch below.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="moves">Whether it is a player, where it can be one.</param>
    public Html Draw(string id, bool moves) => moves && CanMove
        ? Player.Of($"{id}-epoch", Player.Epochs([.. masks.Snapshots.Select(snapshot => snapshot.Epoch)]), Html.Of($"<div class=\"pair\">\n{Streaks(id, Player.Frames(masks.Snapshots.Select(Cursor)))}{Now($"{id}-now")}</div>"))
        : Streaks(id, Html.Empty);

    private Html Streaks(string id, Html cursors) =>
        new Figure(id, $"Neurons dropped per class: {layer}, module {masks.Module}", Change(), Width, Rasters + (HasCurve ? Title + CurveHeight + 4 : 0)).Of(
            Html.Of(
                $"""
                {Html.Join(Enumerable.Range(0, classes).Select(Panel))}
                {(HasCurve ? Curve() : Html.Empty)}{cursors}
                """),
            Html.Of($"<strong>{layer}</strong> Module {masks.Module}, seed {seed}, epochs {masks.Snapshots[0].Epoch + 1} to {masks.Snapshots[^1].Epoch + 1}. {Change()}"));

    // The masks at one epoch after another, which only a player shows.
    private Html Now(string id)
    {
        var cells = new CellRows(classes, masks.NumFeatures);
        var last = masks.Snapshots[^1].Dropped.Select(row => row.Count).DefaultIfEmpty().ToArray();
        var dropped = last.Min() == last.Max() ? Invariant($"{last.Max()}") : Invariant($"{last.Min()} to {last.Max()}");
        return new Figure(id, $"Neurons dropped at one epoch: {layer}, module {masks.Module}", Invariant($"After the last epoch, {dropped} of {masks.NumFeatures} neurons are dropped for each class."), Width, cells.Height).Of(
            Html.Of($"""{cells.Frame([.. Enumerable.Range(0, classes).Select(Heading)])}{Player.Frames(masks.Snapshots.Select(snapshot => cells.Cells("dropped", snapshot.Dropped)))}"""),
            Html.Of($"The masks of one epoch: a row per class, a cell per neuron, filled where it is dropped."));
    }

    private Html Cursor(MaskSnapshot snapshot, int index)
    {
        var x = (index + 0.5) * PanelWidth / masks.Snapshots.Count;
        var panels = Enumerable.Range(0, classes).Select(label => string.Create(
            CultureInfo.InvariantCulture, $"M{(label % 2 * (PanelWidth + Gap)) + x:0.#} {(label / 2 * Row) + Title:0.#}v{PanelHeight:0.#}"));
        var curve = HasCurve
            ? string.Create(CultureInfo.InvariantCulture, $"M{Math.Clamp(snapshot.Epoch * Width / (masks.Replaced.Count - 1), 0, Width):0.#} {Rasters + Title:0.#}v{CurveHeight:0.#}")
            : "";
        return Html.Of($"""<path class="cursor" d="{string.Concat(panels)}{curve}"/>""");
    }

    private bool HasCurve => masks.Replaced.Count > 1;

    private Html Panel(int label)
    {
        var (x, y) = (label % 2 * (PanelWidth + Gap), label / 2 * Row);
        return Html.Of(
            $"""
            <g transform="translate({x:0.#} {y:0.#})"><text x="0" y="13">{Heading(label)}</text><rect class="frame" x="0" y="{Title:0.#}" width="{PanelWidth:0.#}" height="{PanelHeight:0.#}"/><path class="dropped" d="{Streaks(label)}"/></g>

            """);
    }

    private string Heading(int label) => classes == 1 ? "all classes" : string.Create(CultureInfo.InvariantCulture, $"class {label}");

    // Neighbouring epochs that drop the same neuron become one rectangle.
    private string Streaks(int label)
    {
        var count = masks.Snapshots.Count;
        var (width, height) = (PanelWidth / count, PanelHeight / masks.NumFeatures);
        var dropped = masks.Snapshots.Select(snapshot => (IReadOnlySet<long>)(label < snapshot.Dropped.Count ? snapshot.Dropped[label] : []).ToHashSet()).ToArray();
        var pieces = new List<string>();
        foreach (var neuron in dropped.SelectMany(set => set).Distinct().Where(neuron => neuron >= 0 && neuron < masks.NumFeatures).Order())
        {
            for (var first = 0; first < count; first++)
            {
                var end = first;
                while (end < count && dropped[end].Contains(neuron))
                {
                    end++;
                }

                if (end > first)
                {
                    pieces.Add(string.Create(
                        CultureInfo.InvariantCulture, $"M{first * width:0.##} {Title + (neuron * height):0.##}h{(end - first) * width:0.##}v{height:0.##}h{-(end - first) * width:0.##}z"));
                    first = end;
                }
            }
        }

        return string.Concat(pieces);
    }

    private Html Curve()
    {
        var floor = Rasters + Title + CurveHeight;
        var step = Width / (masks.Replaced.Count - 1);
        var points = masks.Replaced.Select((share, epoch) => string.Create(CultureInfo.InvariantCulture, $"{epoch * step:0.#} {floor - (CurveHeight * share):0.#}"));
        return Html.Of(
            $"""<text x="0" y="{Rasters + 13:0.#}">replaced per epoch, 0 to 100 %</text><rect class="frame" x="0" y="{floor - CurveHeight:0.#}" width="{Width:0.#}" height="{CurveHeight:0.#}"/><path class="line selection" d="M{string.Join('L', points)}"/>""");
    }

    private string Change()
    {
        var rates = masks.Replaced.Skip(1).ToArray();
        return rates.Length == 0
            ? "One epoch was recorded."
            : $"From one epoch to the next, {FigureText.Percent(rates.Average())} of the dropped neurons are others than before on average, {FigureText.Percent(rates[^1])} at the last.";
    }
}
