using System.Text.RegularExpressions;
using NsDropoutTorch.Experiments.Report;

namespace NsDropoutTorch.Experiments.Tests.Report;

public sealed partial class ChromiumTests
{
    [ChromiumFact]
    public async Task Open_Report_SaysNothingAsksForNothingAndNamesEveryFigure()
    {
        var visit = await Chromium.OpenAsync(HtmlReport.Render(ReportSamples.Of(text => text + "\"'><script>console.log(1)</script><img src=http://127.0.0.1:9/x>")));

        Assert.Empty(visit.ConsoleMessages);
        Assert.Empty(visit.Requests);
        Assert.Equal(11, Svg().Count(visit.Document));
        Assert.Equal(11, NamedSvg().Count(visit.Document));
    }

    // The test above could not fail if messages and requests went unseen.
    [ChromiumFact]
    public async Task Open_PageThatMisbehaves_IsFoundOut()
    {
        var visit = await Chromium.OpenAsync("<!DOCTYPE html><img src=\"http://127.0.0.1:9/x\"><script>console.log('hello')</script>");

        Assert.Contains("hello", Assert.Single(visit.ConsoleMessages), StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:9/x", visit.Requests);
    }

    [GeneratedRegex("<svg", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Svg();

    [GeneratedRegex("<svg [^>]*role=\"img\" aria-label=\"[^\"]+\" aria-describedby=\"(?<id>[^\"]+)\">\\s*<title>[^<]+</title>\\s*<desc id=\"\\k<id>\">[^<]+</desc>", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex NamedSvg();
}
