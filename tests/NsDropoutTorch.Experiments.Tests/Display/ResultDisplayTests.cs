using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Report;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Tests.Display;

/// <summary>What a terminal and a notebook show of a comparison and of its runs.</summary>
public sealed class ResultDisplayTests
{
    private static readonly RunResult Leaking = Samples.Run("nsdropout", 22, 0.9, labelMask: 0.001, following: 0.98);

    [Fact]
    public void ToString_RunOfALayerThatReadsLabels_SaysWhatLeaks() => Assert.Equal(
        "nsdropout, seed 22: test error without labels 90.00 %; with masks of the true labels 0.10 % (leaks); 98.00 % of answers follow the mask of a random label.",
        Leaking.ToString().Replace('\u00A0', ' '));

    [Fact]
    public void ToString_RunOfAnotherLayer_SaysItsError() =>
        Assert.Equal("dropout, seed 22: test error without labels 5.00 %.", Samples.Run("dropout", 22, 0.05).ToString().Replace('\u00A0', ' '));

    [Fact]
    public void ToString_Results_AreTheTerminalsTableAndWarning()
    {
        var text = Samples.Results(Samples.Run("none", 22, 0.05), Leaking).ToString();

        var row = text.Split('\n').Single(line => line.StartsWith("nsdropout ", StringComparison.Ordinal));
        Assert.Equal(["nsdropout", "0.2", "90.00", "%", "0.10", "%", "98.00", "%", "11.2", "255,000"], row.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(ResultsTable.LeakWarning[..40], text, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', text);
    }

    [Fact]
    public void Results_InANotebook_BeginWithTheAudit()
    {
        var html = Html(Samples.Results(Samples.Run("none", 22, 0.05), Leaking));

        Assert.InRange(html.IndexOf("Leakage audit", StringComparison.Ordinal), 1, html.IndexOf("Test error", StringComparison.Ordinal));
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ResultsWithoutRuns_SaySo()
    {
        var none = Samples.Results(Leaking) with { Runs = [], Comparisons = [], Audits = [] };

        Assert.Equal("No run has finished.", none.ToString());
        Assert.Contains("No run has finished.", Html(none), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_InANotebook_HasCurvesConfusionAndRecordedMasks()
    {
        Assert.DoesNotContain("Masks over epochs", Html(Leaking), StringComparison.Ordinal);

        var html = Html(Leaking with { Masks = [new("layer1", 4, [new(0, [[1], [2]])], [1])] });

        Assert.Contains("Error over epochs: nsdropout", html, StringComparison.Ordinal);
        Assert.Contains("Confusion matrix: nsdropout", html, StringComparison.Ordinal);
        Assert.Contains("Masks over epochs", html, StringComparison.Ordinal);
    }

    private static string Html(object value) => NotebookFormatters.HtmlOf(value)!;
}
