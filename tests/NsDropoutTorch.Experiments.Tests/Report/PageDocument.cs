using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace NsDropoutTorch.Experiments.Tests.Report;

/// <summary>A page as a tree. The page closes every element that HTML lets it close, so an XML parser proves that none was broken open.</summary>
internal static partial class PageDocument
{
    public static XElement Parse(string page) => XElement.Parse(VoidElement().Replace(page["<!DOCTYPE html>".Length..], "$0</${name}>"));

    public static IEnumerable<XElement> All(this XElement page, string name) => page.DescendantsAndSelf().Where(element => element.Name.LocalName == name);

    [GeneratedRegex("<(?<name>meta|link|br|img|input)\\b[^>]*>", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex VoidElement();
}
