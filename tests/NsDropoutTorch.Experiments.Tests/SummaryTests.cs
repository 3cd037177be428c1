namespace NsDropoutTorch.Experiments.Tests;

public sealed class SummaryTests
{
    private static readonly RunResult[] Runs =
    [
        Samples.Run("none", 1, 0.10), Samples.Run("none", 2, 0.20), Samples.Run("none", 3, 0.30),
        Samples.Run("nsdropout", 1, 0.9, 0.0, 1.0), Samples.Run("nsdropout", 2, 0.8, 0.1, 0.9), Samples.Run("nsdropout", 3, 0.7, 0.2, 0.8),
    ];

    [Fact]
    public void LayerSummary_ThreeSeeds_GivesMeanAndSampleDeviation()
    {
        var summaries = LayerSummary.Of(Runs);

        Assert.Equal(["none", "nsdropout"], summaries.Select(summary => summary.Layer));
        Assert.All(summaries, summary => Assert.Equal(3, summary.Runs));
        Assert.Equal(0.2, summaries[0].TestError.Mean, 12);
        Assert.Equal(0.1, summaries[0].TestError.StandardDeviation!.Value, 12);
        Assert.Null(summaries[0].TestErrorLabelMask);
        Assert.Equal(0.1, summaries[1].TestErrorLabelMask!.Mean, 12);
        Assert.Equal(0.9, summaries[1].MaskFollowingRate!.Mean, 12);
    }

    [Fact]
    public void Spread_OneRun_HasNoDeviation() =>
        Assert.Equal(new Spread(0.1, null), Spread.Of([Runs[0]], run => run.TestError));

    [Fact]
    public void PairedComparison_ByseedAgainstTheFirstLayer_AveragesDifferences()
    {
        var comparison = Assert.Single(PairedComparison.Of(Runs));

        Assert.Equal(("nsdropout", "none", 3), (comparison.Layer, comparison.Baseline, comparison.Pairs));
        Assert.Equal(0.6, comparison.MeanDifference, 12);
    }

    [Fact]
    public void PairedComparison_OneLayer_IsEmpty() => Assert.Empty(PairedComparison.Of(Runs[..3]));
}
