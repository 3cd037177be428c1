using System.Net;
using System.Text;

namespace SuddenDrops;

/// <summary>Accuracy over epochs as an SVG picture that needs nothing from outside: a panel for each variant, a line for each seed.</summary>
internal static class Picture
{
    private const int Width = 360, Height = 130, Left = 40, Right = 350, Top = 24, Bottom = 104, Columns = 2, MostLines = 3, MostPanels = 6;
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73"];

    /// <summary>The picture of the first variants and seeds.</summary>
    /// <param name="panels">The runs of each variant.</param>
    public static string Of(IReadOnlyList<IReadOnlyList<DropRun>> panels)
    {
        var shown = panels.Take(MostPanels).ToArray();
        var rows = (shown.Length + Columns - 1) / Columns;
        var svg = new StringBuilder($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width * Columns} {Height * rows}" role="img" font-family="sans-serif" font-size="11"><title>Accuracy over epochs, one line a seed</title><rect width="100%" height="100%" fill="#fff"/>""");
        foreach (var (i, runs) in shown.Index()) svg.Append($"""<g transform="translate({i % Columns * Width} {i / Columns * Height})">{Panel(runs)}</g>""");
        return svg.AppendLine("</svg>").ToString();
    }

    private static string Panel(IReadOnlyList<DropRun> runs)
    {
        var last = Math.Max(1, runs.Max(run => run.Epochs.Count) - 1);
        var panel = new StringBuilder($"""<text x="{Left}" y="{Top - 9}" font-weight="bold">{WebUtility.HtmlEncode(runs[0].Variant.Text)}</text>""");
        foreach (var level in new[] { 0.0, 0.5, 1.0 })
            panel.Append($"""<path d="M{Left} {Y(level):0.#}H{Right}" stroke="#ddd"/><text x="{Left - 4}" y="{Y(level) + 4:0.#}" text-anchor="end">{level:P0}</text>""");
        foreach (var epoch in new[] { 0, last / 2, last }) panel.Append($"""<text x="{X(epoch):0.#}" y="{Bottom + 14}" text-anchor="middle">{epoch + 1}</text>""");
        foreach (var (i, run) in runs.Take(MostLines).Index())
            panel.Append($"""<path fill="none" stroke="{Colours[i]}" d="M{string.Join('L', run.Accuracy.Select((accuracy, epoch) => $"{X(epoch):0.#} {Y(accuracy):0.#}"))}"/>""");
        return panel.ToString();

        double X(double epoch) => Left + ((Right - Left) * epoch / last);
    }

    private static double Y(double accuracy) => Bottom - ((Bottom - Top) * accuracy);
}
