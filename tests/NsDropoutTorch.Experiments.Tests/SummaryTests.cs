using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Statistics;

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
        Assert.Equal(0.2, summaries[0].TestError!.Mean, 12);
        Assert.Equal(0.1, summaries[0].TestError!.StandardDeviation!.Value, 12);
        Assert.Null(summaries[0].TestErrorLabelMask);
        Assert.Equal(0.1, summaries[1].TestErrorLabelMask!.Mean, 12);
        Assert.Equal(0.9, summaries[1].MaskFollowingRate!.Mean, 12);
    }

    [Fact]
    public void SampleSummary_OneRun_HasNoDeviation() =>
        Assert.Equal(new SampleSummary(0.1, null), SampleSummary.Of([Runs[0].TestError]));

    [Fact]
    public void SampleSummary_SixRuns_HasAnIntervalOfTheMedianWithinTheirErrors()
    {
        var runs = Enumerable.Range(0, 6).Select(i => Samples.Run("none", i, i == 0 ? 0.9 : 0.05 + (0.001 * i))).ToArray();

        Assert.Equal(new Experiments.Statistics.Interval(runs[1].TestError, 0.9), SampleSummary.Of([.. runs.Select(run => run.TestError)]).MedianInterval);
        Assert.Null(SampleSummary.Of([.. runs[..5].Select(run => run.TestError)]).MedianInterval);
    }

    [Fact]
    public void SampleSummary_FigureThatIsNoNumber_SaysTheRule() => Assert.Equal(
        "values of a statistic must be finite, but got NaN; leave out what diverged or was not measured.",
        Assert.Throws<ArgumentException>(() => LayerSummary.Of([Samples.Run("none", 1, double.NaN)])).Message);

    [Fact]
    public void LayerSummary_SeedThatDiverged_IsLeftOutAndNamed()
    {
        var summary = Assert.Single(LayerSummary.Of([Runs[0], Samples.Diverged("none", 7, epoch: 3), Runs[1]]));

        Assert.Equal(2, summary.Runs);
        Assert.Equal(0.15, summary.TestError!.Mean, 12);
        Assert.Equal([new Divergence(7, 3, "training loss")], summary.Diverged);
    }

    [Fact]
    public void LayerSummary_AllSeedsDiverged_HasNoMean()
    {
        var summary = Assert.Single(LayerSummary.Of([Samples.Diverged("none", 1), Samples.Diverged("none", 2)]));

        Assert.Equal(("none", 0), (summary.Layer, summary.Runs));
        Assert.True(summary is { TestError: null, MaskFollowingRate: null, TrainSeconds: null, SamplesPerSecond: null });
    }

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
