using System.Globalization;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>The masks of one run as small rasters, a class each.</summary>
internal static class MaskChart
{
    private const double Width = 360;
    private const double PanelWidth = 172;
    private const double PanelHeight = 64;
    private const double Title = 18;
    private const double Gap = 16;

    public static Html Of(string id, RunResult run)
    {
        var masks = run.Masks!;
        var classes = masks.Snapshots.Max(snapshot => snapshot.Dropped.Count);
        var height = (classes + 1) / 2 * (PanelHeight + Title + 6);
        var change = Change(masks, classes);
        return new Figure(id, $"Neurons dropped per class: {run.Layer}", change, Width, height).Of(
            Html.Join(Enumerable.Range(0, classes).Select(label => Panel(masks, label))),
            Html.Of($"<strong>{run.Layer}</strong> Seed {run.Seed}, epochs {masks.Snapshots[0].Epoch} to {masks.Snapshots[^1].Epoch}. {change}"));
    }

    private static Html Panel(MaskHistory masks, int label)
    {
        var (x, y) = (label % 2 * (PanelWidth + Gap), label / 2 * (PanelHeight + Title + 6));
        return Html.Of(
            $"""
            <g transform="translate({x:0.#} {y:0.#})"><text x="0" y="13">class {label}</text><rect class="frame" x="0" y="{Title:0.#}" width="{PanelWidth:0.#}" height="{PanelHeight:0.#}"/><path class="dropped" d="{Streaks(masks, label)}"/></g>

            """);
    }

    // Neighbouring epochs that drop the same neuron become one rectangle.
    private static string Streaks(MaskHistory masks, int label)
    {
        var count = masks.Snapshots.Count;
        var (width, height) = (PanelWidth / count, PanelHeight / masks.NumFeatures);
        var pieces = new List<string>();
        for (var neuron = 0; neuron < masks.NumFeatures; neuron++)
        {
            for (var first = 0; first < count; first++)
            {
                var end = first;
                while (end < count && Dropped(masks, end, label).Contains(neuron))
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

    private static string Change(MaskHistory masks, int classes)
    {
        var rates = Enumerable.Range(1, masks.Snapshots.Count - 1)
            .SelectMany(i => Enumerable.Range(0, classes).Select(label => Replaced(Dropped(masks, i - 1, label), Dropped(masks, i, label))))
            .ToArray();
        return rates.Length == 0
            ? "One epoch was recorded."
            : $"From one recorded epoch to the next, {Words.Percent(rates.Average())} of the dropped neurons are others than before, on average over classes.";
    }

    private static double Replaced(IReadOnlyList<long> before, IReadOnlyList<long> after) =>
        after.Count == 0 ? 0 : (double)after.Except(before).Count() / after.Count;

    private static IReadOnlyList<long> Dropped(MaskHistory masks, int snapshot, int label) =>
        label < masks.Snapshots[snapshot].Dropped.Count ? masks.Snapshots[snapshot].Dropped[label] : [];
}
