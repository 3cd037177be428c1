using NsDropoutTorch.Experiments.Tests.Charts;
using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Report;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Metrics;
using TorchSharp;

namespace NsDropoutTorch.Experiments.Tests.Display;

/// <summary>What a terminal and a notebook show of results.</summary>
public sealed class TrainingDisplayTests
{
    private static readonly FitResult Fit = new(
        [new(0, 1, 0, 0.5, 1, 0.25, 0.001, 0.75), new(1, 1, 0, 0.125, 1, 0.5, 0.001, 0.5)],
        "no improvement in 1 epochs");

    [Fact]
    public void ToString_FitResult_IsASentence() => Assert.Equal(
        "2 epochs in 1.2 s; error of the last in training 12.50 %, on the selection part 50.00 %, lowest 25.00 % at epoch 1. Stopped: no improvement in 1 epochs.",
        Fit.ToString().Replace('\u00A0', ' '));

    [Fact]
    public void ToString_FitResultWithoutSelection_SaysNothingOfIt() => Assert.Equal(
        "1 epoch in 0.8 s; error of the last in training 50.00 %.",
        new FitResult([Fit.History[0] with { SelectionLoss = null, SelectionError = null }], null).ToString().Replace('\u00A0', ' '));

    [Fact]
    public void ToString_FitResultWithoutEpochs_SaysSo() => Assert.Equal("No epoch was finished.", new FitResult([], "cancelled").ToString());

    [Fact]
    public void FitResult_InANotebook_IsTwoCurvesAndTheBestEpoch()
    {
        var html = FragmentElement.Parse(Html(Fit));

        Assert.Equal(["line train", "line selection"], html.Descendants("path").Select(path => path.Attribute("class")!.Value).Where(style => style.StartsWith("line", StringComparison.Ordinal)));
        Assert.Single(html.Descendants("circle"));
    }

    [Fact]
    public void FitResultWithoutNumbers_InANotebook_IsItsSentence() =>
        Assert.Contains("<p>No epoch was finished.</p>", Html(new FitResult([], null)), StringComparison.Ordinal);

    [Fact]
    public void LearningRateCurve_InANotebook_IsOneLineOverDecadesAndTheSuggestion()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        var inputs = torch.randn(64, 2);
        using var model = torch.nn.Linear(2, 1);
        var curve = LearningRateFinder.Run(
            model, BatchSource.FromTensors(inputs), rows => (model.call(rows[0]) - rows[0].sum(1, keepdim: true)).square().mean(), new TrainerOptions { BatchSize = 16 }, 1e-6, 1, 61);

        var html = FragmentElement.Parse(Html(curve));

        Assert.Equal(curve.Rates.Count, html.Descendants("path").Single(path => path.Attribute("class")!.Value == "line train").Attribute("d")!.Value.Split('L').Length);
        Assert.Single(html.Descendants("circle"));
        Assert.Equal(["1e-6", "1e-5", "1e-4", "1e-3", "1e-2", "1e-1", "1e0"], html.Descendants("text").Select(text => text.Value).Where(text => text.Contains('e') && text != "learning rate"));
        Assert.Contains(curve.ToString(), html.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void ConfusionCount_TextAndPicture_ShowTheCounts()
    {
        var confusion = new ConfusionMatrix(2);
        Assert.Equal("Nothing was counted yet.", confusion.ToString());
        Assert.Contains("Nothing was counted yet.", Html(confusion), StringComparison.Ordinal);

        using (torch.NewDisposeScope())
        {
            confusion.Begin(torch.CPU);
            confusion.Add(torch.tensor(new float[] { 1, 0, 1, 0, 0, 1 }, 3, 2), torch.tensor(new long[] { 0, 1, 1 }));
            confusion.End();
        }

        Assert.Equal("  │ 0 1\n0 │ 1 0\n1 │ 1 1", confusion.ToString());
        Assert.Contains("1 taken for 0 (50.00", Html(confusion), StringComparison.Ordinal);
    }

    [Fact]
    public void CalibrationError_InANotebook_IsABarForEachBinWithSamples()
    {
        var error = new CalibrationError(4);
        Assert.Contains("<p>Nothing was measured yet.</p>", Html(error), StringComparison.Ordinal);

        using (torch.NewDisposeScope())
        {
            error.Begin(torch.CPU);
            // Probabilities 0.5 (right), 0.9 (right) and 0.9 (wrong).
            error.Add(torch.tensor(new float[] { 0.5f, 0.5f, 0.9f, 0.1f, 0.1f, 0.9f }, 3, 2).log(), torch.tensor(new long[] { 0, 0, 0 }));
            error.End();
        }

        var html = FragmentElement.Parse(Html(error));
        var bars = html.Descendants("path").Where(path => path.Attribute("class")!.Value == "bars").ToArray();
        Assert.Equal(2, bars.Length);
        Assert.Equal(2, html.Descendants("circle").Count());
        Assert.Single(html.Descendants("path"), path => path.Attribute("class")!.Value == "zero");
        Assert.Equal("Of 2 answers with a probability of 75.00 % to 100.00 %, 90.00 % on average, 50.00 % are right.", bars[1].Value.Replace('\u00A0', ' ').Trim());
        // From the floor at 204 up to half of a height of 196, over the last quarter of a width of 298.
        Assert.Equal("M276 204V106H349.5V204Z", bars[1].Attribute("d")!.Value);
        Assert.Contains("Expected calibration error 43.33 %, largest gap 50.00 %, of 3 samples in 4 bins.", html.Value.Replace('\u00A0', ' '), StringComparison.Ordinal);
    }

    [Fact]
    public void ClassificationReport_TextAndTable_ShowTheScores()
    {
        var report = ClassificationReport.Of([[1, 0], [1, 1]], ["<a>", "b"]);

        Assert.Equal(ReportText.Render(report), report.ToString());
        Assert.Equal(4, FragmentElement.Parse(Html(report)).Descendants("tbody").Single().Elements("tr").Count());
        Assert.Contains("&lt;a&gt;", Html(report), StringComparison.Ordinal);
    }

    [Fact]
    public void ModelSummary_InANotebook_IsATableOfItsLayers()
    {
        var summary = new ModelSummary([1, 4],
            [new("a<b>", "Linear", [1, 3_000], 15_000, 5_000, 0, 60_000, 12_000, 2), new("own", "Own", null, 1, 0, 0, 4, null, null)]);

        var rows = FragmentElement.Parse(Html(summary)).Descendants("tbody").Single().Elements("tr").Select(row => row.Elements().Select(cell => cell.Value));
        Assert.Equal([["a<b>", "Linear", "[1, 3000]", "15,000", "5,000", "12,000", "2"], ["own", "Own", "?", "1", "0", "?", "?"]], rows);
        Assert.Contains("15,001 parameters (60,004 bytes with buffers); at least 12,000 multiply-adds for an input [1, 4]", Html(summary), StringComparison.Ordinal);
    }

    private static string Html(object value) => NotebookFormatters.HtmlOf(value)!;
}
