using System.Net;

namespace SuddenDrops;

/// <summary>What every picture has: a title that screen readers say, a white ground, and nothing from outside.</summary>
internal static class Svg
{
    /// <summary>A whole picture.</summary>
    /// <param name="width">Its width in units.</param>
    /// <param name="height">Its height.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="shapes">Its elements.</param>
    public static string Of(int width, int height, string title, string shapes) =>
        $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-family="sans-serif" font-size="11"><title>{Encoded(title)}</title><rect width="100%" height="100%" fill="#fff"/>{shapes}</svg>""" + "\n";

    /// <summary>A text as it stands in an element.</summary>
    public static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
