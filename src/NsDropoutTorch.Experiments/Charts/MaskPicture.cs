using System.Globalization;
using System.Net;

namespace NsDropoutTorch.Experiments.Charts;

/// <summary>Masks as a raster: a row per mask, a column per neuron, dark where it is dropped. In the colour of the text around it.</summary>
internal static class MaskPicture
{
    private const int Left = 64;
    private const int RowHeight = 14;
    private const int RowGap = 4;
    private const double RasterWidth = 512;

    /// <summary>The picture, with what it says in words below it.</summary>
    /// <param name="title">The layer in words.</param>
    /// <param name="keeps">For each mask, which neurons it keeps; at least one neuron.</param>
    public static string Of(string title, bool[][] keeps) => Figure("Masks", title, keeps.Length, string.Concat(keeps.Select(Row)), Words(keeps));

    /// <summary>Drop rates as one row: the darker, the higher.</summary>
    /// <param name="title">The layer in words.</param>
    /// <param name="rates">The rate of each neuron, in [0, 1); at least one.</param>
    public static string OfRates(string title, double[] rates)
    {
        var width = RasterWidth / rates.Length;
        var cells = string.Concat(rates.Select((rate, i) => string.Create(
            CultureInfo.InvariantCulture, $"""<path fill-opacity="{rate:0.###}" d="M{Left + (i * width):0.##} 0h{width:0.##}v{RowHeight}h{-width:0.##}z"/>""")));
        var words = string.Create(CultureInfo.InvariantCulture, $"masks are drawn; a neuron is dropped at rates from {rates.Min():P0} to {rates.Max():P0}, the darker the higher.");
        return Figure("Drop rates", title, 1, Background(0, "rates") + cells, words);
    }

    private static string Figure(string subject, string title, int count, string rows, string words)
    {
        var name = WebUtility.HtmlEncode(title);
        return string.Create(CultureInfo.InvariantCulture, $"""
            <figure style="margin:0;max-width:40rem">
            <svg viewBox="0 0 {Left + RasterWidth:0} {count * (RowHeight + RowGap)}" role="img" aria-label="{subject} of {name}" style="width:100%;font:11px sans-serif" fill="currentColor">
            {rows}</svg>
            <figcaption>{name}: {words}</figcaption>
            </figure>

            """);
    }

    private static string Background(int top, string label) => string.Create(
        CultureInfo.InvariantCulture,
        $"""<text x="{Left - 8}" y="{top + RowHeight - 3}" text-anchor="end">{label}</text><path fill-opacity="0.12" d="M{Left} {top}h{RasterWidth:0}v{RowHeight}h{-RasterWidth:0}z"/>""");

    private static string Words(bool[][] keeps)
    {
        var dropped = keeps.Select(keep => keep.Count(isKept => !isKept)).ToArray();
        var (least, most) = (dropped.Min(), dropped.Max());
        var masks = keeps.Length == 1 ? "one mask for all classes drops" : $"the masks of {keeps.Length} classes drop";
        var count = least == most ? Invariant($"{most}") : Invariant($"{least} to {most}");
        return most == 0 ? "no neuron is dropped." : $"{masks} {count} of {keeps[0].Length} neurons, dark here.";
    }

    private static string Row(bool[] keep, int index)
    {
        var top = index * (RowHeight + RowGap);
        return $"""
            {Background(top, Invariant($"class {index}"))}<path d="{Runs(keep, top)}"/>

            """;
    }

    // Neighbours that are dropped become one rectangle.
    private static string Runs(bool[] keep, int top)
    {
        var width = RasterWidth / keep.Length;
        var pieces = new List<string>();
        for (var i = 0; i < keep.Length; i++)
        {
            var end = Array.IndexOf(keep, true, i) is var next and >= 0 ? next : keep.Length;
            if (end == i) continue;
            pieces.Add(string.Create(CultureInfo.InvariantCulture, $"M{Left + (i * width):0.##} {top}h{(end - i) * width:0.##}v{RowHeight}h{-(end - i) * width:0.##}z"));
            i = end;
        }

        return string.Concat(pieces);
    }
}
