using System.Text;

namespace SuddenDrops;

/// <summary>Accuracy over epochs: a panel for each variant, a line for each seed, and a dashed line at the epoch after which masks are left alone.</summary>
internal static class CurvePicture
{
    // As many as stay below 60 KB.
    private const int MostLines = 3, MostPanels = 8;

    private const int Width = 360, Height = 130, Left = 40, Right = 350, Top = 24, Bottom = 104, Columns = 2;
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73"];

    /// <summary>The picture of the first variants and seeds.</summary>
    /// <param name="panels">The runs of each variant.</param>
    public static string Of(IReadOnlyList<TitledRuns> panels)
    {
        var shown = panels.Take(MostPanels).ToArray();
        var rows = (shown.Length + Columns - 1) / Columns;
        return Svg.Of(Width * Columns, Height * rows, "Accuracy over epochs, one line a seed",
            string.Concat(shown.Select((panel, i) => $"""<g transform="translate({i % Columns * Width} {i / Columns * Height})">{Panel(panel)}</g>""")));
    }

    private static string Panel(TitledRuns runs)
    {
        var last = Math.Max(1, runs.Runs.Max(run => run.Epochs.Count) - 1);
        var panel = new StringBuilder($"""<text x="{Left}" y="{Top - 9}" font-weight="bold">{Svg.Encoded(runs.Title)}</text>""");
        foreach (var level in new[] { 0.0, 0.5, 1.0 })
            panel.Append($"""<path d="M{Left} {Y(level):0.#}H{Right}" stroke="#ddd"/><text x="{Left - 4}" y="{Y(level) + 4:0.#}" text-anchor="end">{level:P0}</text>""");
        foreach (var epoch in new[] { 0, last / 2, last }) panel.Append($"""<text x="{X(epoch):0.#}" y="{Bottom + 14}" text-anchor="middle">{epoch + 1}</text>""");
        if (runs.Runs[0].Variant.FreezeAfter is { } frozen) panel.Append($"""<path d="M{X(frozen - 1):0.#} {Top}V{Bottom}" stroke="#888" stroke-dasharray="3"/>""");
        foreach (var (i, run) in runs.Runs.Take(MostLines).Index())
            panel.Append($"""<path fill="none" stroke="{Colours[i]}" d="M{string.Join('L', run.Accuracy.Select((accuracy, epoch) => $"{X(epoch):0.#} {Y(accuracy):0.#}"))}"/>""");
        return panel.ToString();

        // Epochs are counted from 0 here, and from 1 below the axis and in words.
        double X(double epoch) => Left + ((Right - Left) * epoch / last);
    }

    private static double Y(double accuracy) => Bottom - ((Bottom - Top) * accuracy);
}
