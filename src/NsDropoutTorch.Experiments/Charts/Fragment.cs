using System.Security.Cryptography;
using System.Text;

namespace NsDropoutTorch.Experiments.Charts;

/// <summary>A piece of a page for a notebook. It brings its own style, which reaches nothing beside it.</summary>
internal static class Fragment
{
    private const string Name = "nsdropout-display";
    private const int IdLength = 8;

    // The same rules as a page has: a page's root and body are the fragment's own element, all else is nested in it.
    private static readonly Html Style = Html.Trusted(
        $".{Name} {{\n{DisplayStyle.Css.ToString().Replace(":root", "&", StringComparison.Ordinal).Replace("body {", "& {", StringComparison.Ordinal)}}}\n");

    /// <summary>The piece as text; the same content gives the same text.</summary>
    /// <param name="content">What it shows.</param>
    public static string Of(Html content) => Html.Of(
        $"""
        <div class="{Name}" style="padding: 1rem">
        <style>
        {Style}</style>
        {WithOwnIds(content)}
        </div>

        """).ToString();

    // Ids are unique within a page; a notebook is a page of many fragments.
    private static Html WithOwnIds(Html content)
    {
        var text = content.ToString();
        var prefix = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..IdLength];
        return Html.Trusted(text
            .Replace(" id=\"", $" id=\"n{prefix}-", StringComparison.Ordinal)
            .Replace(" aria-describedby=\"", $" aria-describedby=\"n{prefix}-", StringComparison.Ordinal));
    }
}

/// <summary>How pages and fragments look, on screens and paper, light and dark.</summary>
internal static class DisplayStyle
{
    /// <summary>The rules, for a page.</summary>
    public static Html Css { get; } = Read();

    private static Html Read()
    {
        using var stream = typeof(DisplayStyle).Assembly.GetManifestResourceStream(typeof(DisplayStyle), "charts.css")!;
        using var reader = new StreamReader(stream);
        return Html.Trusted(reader.ReadToEnd());
    }
}
