using System.Xml.Linq;

namespace NsDropoutTorch.Experiments.Tests.Charts;

/// <summary>A fragment taken apart; its style is text in HTML, which XML would not take as it is.</summary>
internal static class FragmentElement
{
    private const string Begin = "<style>";
    private const string End = "</style>";

    public static XElement Parse(string html) => XElement.Parse(html.Replace(Style(html), "", StringComparison.Ordinal));

    public static string Style(string html)
    {
        var start = html.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        return html[start..html.IndexOf(End, start, StringComparison.Ordinal)].Trim();
    }
}
