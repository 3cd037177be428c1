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
    public static string Of(string title, bool[][] keeps)
    {
        var height = keeps.Length * (RowHeight + RowGap);
        var rows = string.Concat(keeps.Select(Row));
        var name = WebUtility.HtmlEncode(title);
        return string.Create(CultureInfo.InvariantCulture, $"""
            <figure style="margin:0;max-width:40rem">
            <svg viewBox="0 0 {Left + RasterWidth:0} {height}" role="img" aria-label="Masks of {name}" style="width:100%;font:11px sans-serif" fill="currentColor">
            {rows}</svg>
            <figcaption>{name}: {Words(keeps)}</figcaption>
            </figure>

            """);
    }

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
        return string.Create(CultureInfo.InvariantCulture, $"""
            <text x="{Left - 8}" y="{top + RowHeight - 3}" text-anchor="end">class {index}</text><path fill-opacity="0.12" d="M{Left} {top}h{RasterWidth:0}v{RowHeight}h{-RasterWidth:0}z"/><path d="{Runs(keep, top)}"/>

            """);
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
