using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Report;

namespace NsDropoutTorch.Experiments.Tests.Report;

public sealed class HtmlReportTests
{
    private const string Hostile = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>&amp;</style></title>-->]]>${x}{0}";

    [Fact]
    public void Render_SmallResults_LooksAsExpected()
    {
        var page = HtmlReport.Render(ReportSamples.Full);

        // To be looked at in a browser and, if it is right, copied over the expectation.
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "Expectations", "report.actual.html"), page);
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Expectations", "report.html")), page);
    }

    [Fact]
    public void Render_HostileTexts_ChangesNoElementAndNoAttributeName()
    {
        var hostile = PageDocument.Parse(HtmlReport.Render(ReportSamples.Of(text => text + Hostile)));

        Assert.Equal(Skeleton(PageDocument.Parse(HtmlReport.Render(ReportSamples.Full))), Skeleton(hostile));
        Assert.Equal($"none{Hostile}", hostile.All("tbody").First().All("th").First().Nodes().OfType<XText>().First().Value.TrimEnd());
    }

    [Fact]
    public void Render_AnyResults_AsksForNothingFromOutside()
    {
        var page = PageDocument.Parse(HtmlReport.Render(ReportSamples.Full));

        // One script, the player's, and the policy names it by its hash.
        var script = Assert.Single(page.All("script"));
        Assert.Empty(script.Attributes());
        var policy = (string)page.All("meta").Single(meta => meta.Attribute("http-equiv") is not null).Attribute("content")!;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script.Value)));
        Assert.Equal($"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{hash}'", policy);
        var addresses = page.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "href" or "src" or "srcset" or "action");
        Assert.All(addresses, attribute => Assert.StartsWith("data:", attribute.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("url(", page.All("style").Single().Value, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", page.All("style").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_NoMasksOverEpochs_HasNoScript()
    {
        var page = PageDocument.Parse(HtmlReport.Render(Samples.Results(Samples.Run("none", 1, 0.1))));

        Assert.Empty(page.All("script"));
        Assert.DoesNotContain("script-src", page.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_MasksOfOneEpoch_StandStill()
    {
        var run = ReportSamples.Full.Runs.First(run => run.Masks is not null);
        var page = PageDocument.Parse(HtmlReport.Render(Samples.Results(run with { Masks = [run.Masks![0] with { Snapshots = [run.Masks[0].Snapshots[0]], Replaced = [1] }] })));

        Assert.Empty(page.All("script"));
        Assert.Empty(page.All("input"));
    }

    [Fact]
    public void Render_MasksOverEpochs_HaveAFrameForEachInEveryGroup()
    {
        var page = PageDocument.Parse(HtmlReport.Render(ReportSamples.Full));

        var groups = page.Descendants().Where(element => (string?)element.Attribute("class") == "frames").ToArray();
        Assert.Equal(3, groups.Length);
        Assert.All(groups, group => Assert.Equal(3, group.Elements().Count()));
        Assert.Equal(["1 of 3", "2 of 3", "3 of 3"], groups[^1].Elements().Select(label => label.Value));
        // Class 0, 1 and 2 drop neurons 0, 3 and 2 of four after the second epoch.
        Assert.Equal("M0 0h1M3 1.4h1M2 2.8h1", (string?)groups[1].Elements().ElementAt(1).Attribute("d"));
    }

    [Fact]
    public void Fragment_OfResults_HasNoPlayer()
    {
        var fragment = NotebookFormatters.HtmlOf(ReportSamples.Full)!;

        Assert.Contains("Masks over epochs", fragment, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", fragment, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"player\"", fragment, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_Figures_HaveTextAlternatives()
    {
        var page = PageDocument.Parse(HtmlReport.Render(ReportSamples.Full));

        var drawings = page.All("svg").ToArray();
        Assert.Equal(11, drawings.Length);
        Assert.All(drawings, drawing =>
        {
            Assert.Equal("img", (string?)drawing.Attribute("role"));
            Assert.Equal((string?)drawing.Attribute("aria-label"), drawing.All("title").Single().Value);
            var description = drawing.All("desc").Single();
            Assert.Equal((string?)drawing.Attribute("aria-describedby"), (string?)description.Attribute("id"));
            Assert.NotEqual("", description.Value);
        });
        Assert.All(page.All("img"), image => Assert.NotEqual("", (string?)image.Attribute("alt") ?? ""));
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToArray();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void Render_Tables_HaveCaptionsAndScopes()
    {
        var page = PageDocument.Parse(HtmlReport.Render(ReportSamples.Full));

        Assert.All(page.All("table"), table => Assert.NotEqual("", table.All("caption").Single().Value));
        Assert.All(page.All("th"), head => Assert.Contains((string?)head.Attribute("scope"), new[] { "col", "row" }));
    }

    [Fact]
    public void Render_AnotherCulture_GivesTheSamePage()
    {
        var expected = HtmlReport.Render(ReportSamples.Full);
        var culture = CultureInfo.CurrentCulture;
        var commas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (commas.NumberFormat.NumberDecimalSeparator, commas.NumberFormat.NegativeSign) = (",", "~");
        try
        {
            CultureInfo.CurrentCulture = commas;

            Assert.Equal(expected, HtmlReport.Render(ReportSamples.Full));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Render_ReadBackFromJson_GivesTheSamePage() =>
        Assert.Equal(HtmlReport.Render(ReportSamples.Full), HtmlReport.Render(ResultsJson.Parse(ResultsJson.Format(ReportSamples.Full))));

    [Fact]
    public void Render_NoRuns_SaysSo()
    {
        var page = HtmlReport.Render(ReportSamples.Full with { Runs = [], Comparisons = [] });

        Assert.Contains("No run has finished.", page, StringComparison.Ordinal);
        PageDocument.Parse(page);
    }

    [Fact]
    public void Render_RunsMissing_NamesThemBeforeAnyFigure_AsTheTableDoes()
    {
        const string missing = "3 of 6 runs are finished, and all figures are of these. Missing: none with seed 2; dropout with seeds 1 and 3.";
        var results = Samples.Results(Samples.Run("none", 1, 0.1), Samples.Run("dropout", 2, 0.05), Samples.Run("none", 3, 0.1));

        var page = HtmlReport.Render(results);

        Assert.InRange(page.IndexOf(missing, StringComparison.Ordinal), 0, page.IndexOf("<h2>Test error</h2>", StringComparison.Ordinal));
        Assert.Contains($"• {missing}", ResultsTable.Of(results).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("runs are finished", HtmlReport.Render(Samples.Results(Samples.Run("none", 1, 0.1))), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ManyRunsMissing_NamesTheFirst()
    {
        var results = Samples.Results(Samples.Run("none", 1, 0.1));
        LayerSpecification[] layers = ["none", .. Enumerable.Range(1, 9).Select(tenth => LayerSpecification.Parse(Invariant($"dropout:p=0.{tenth}")))];
        results = results with { Settings = results.Settings with { Layers = layers, Seeds = [.. Enumerable.Range(1, 20)] } };

        Assert.Contains(
            "1 of 200 runs are finished, and all figures are of these. Missing: none with seeds 2, 3, 4, 5, 6, 7, 8, 9 and 11 others; dropout:p=0.1 with all seeds; dropout:p=0.2 with all seeds; "
            + "dropout:p=0.3 with all seeds; dropout:p=0.4 with all seeds; dropout:p=0.5 with all seeds; dropout:p=0.6 with all seeds; dropout:p=0.7 with all seeds; 2 other layers.",
            HtmlReport.Render(results),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Render_LayersWithoutLabels_SaysThatNothingCanLeak()
    {
        var page = HtmlReport.Render(Samples.Results(Samples.Run("none", 1, 0.1), Samples.Run("dropout", 1, 0.05)));

        Assert.Contains("<section class=\"audit calm\">", page, StringComparison.Ordinal);
        Assert.Contains("No layer here reads labels", page, StringComparison.Ordinal);
        Assert.Contains("n = 1 seed can never show p &lt; 0.05", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_NumbersThatDoNotFitTogether_StillGivesAPage()
    {
        var odd = Samples.Run("nsdropout", 1, 0.5, 0.4, 0.3) with
        {
            History = [],
            Confusion = [[1], [2, 3, 4]],
            Masks = [new("a", 4, [new(0, [[99, -1]])], []), new("b", 0, [], [])],
            Gaps = [new("a", 1, 1, [[]]), new("b", 0, 1, [])],
            Examples = [new(0, 0, 1, double.NaN, new(1, 5, 5, [1]))],
        };

        PageDocument.Parse(HtmlReport.Render(Samples.Results(odd, odd with { Layer = "none", Confusion = [] })));
    }

    [Fact]
    public void Write_Folder_HoldsThePageAndNothingElse()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var path = HtmlReport.Write(folder, ReportSamples.Full);

            Assert.Equal([path], Directory.GetFiles(folder));
            Assert.Equal(HtmlReport.Render(ReportSamples.Full), File.ReadAllText(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> Skeleton(XElement page) => page.DescendantsAndSelf()
        .Select(element => $"{element.Name.LocalName} {string.Join(' ', element.Attributes().Select(attribute => attribute.Name.LocalName))}");
}
