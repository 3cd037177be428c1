namespace NsDropoutTorch.Experiments.Tests.Statistics;

public sealed class PairedComparisonTests
{
    private static readonly double[] Baseline = [0.05, 0.06, 0.055, 0.052, 0.058, 0.051];

    private static readonly RunResult[] Runs =
    [
        .. Baseline.Select((error, i) => Samples.Run("none", 22 + i, error)),
        .. Baseline.Select((error, i) => Samples.Run("dropout", 22 + i, error - 0.001 - (0.0001 * i))),
        .. Baseline.Select((error, i) => Samples.Run("nsdropout", 22 + i, error + (i == 5 ? -0.001 : 0.8), 0.0, 1.0)),
    ];

    [Fact]
    public void Of_ThreeLayers_CorrectsBothPValuesTogether()
    {
        var comparisons = PairedComparison.Of(Runs);

        Assert.Equal(["dropout", "nsdropout"], comparisons.Select(comparison => comparison.Layer));
        Assert.Equal([0.03125, 0.0625], comparisons.Select(comparison => comparison.P!.Value));
        Assert.Equal([0.0625, 0.0625], comparisons.Select(comparison => comparison.PHolm!.Value));
        Assert.All(comparisons, comparison => Assert.Equal(0.03125, comparison.SmallestP));
    }

    [Fact]
    public void Of_Differences_HasItsMeanWithinTheInterval()
    {
        var comparison = PairedComparison.Of(Runs)[0];

        Assert.Equal(-0.00125, comparison.MeanDifference, 12);
        Assert.InRange(comparison.Interval!.Low, -0.0015, -0.00125);
        Assert.InRange(comparison.Interval.High, -0.00125, -0.001);
    }

    [Fact]
    public void Of_LayerThatSharesNoSeed_IsLeftOut() =>
        Assert.Empty(PairedComparison.Of([Samples.Run("none", 1, 0.1), Samples.Run("dropout", 2, 0.1)]));

    [Fact]
    public void Format_OneSeed_WritesNoInterval()
    {
        var results = Samples.Results(Samples.Run("none", 1, 0.1), Samples.Run("dropout", 1, 0.2));

        Assert.Contains("\"interval\": null,\n      \"p\": 1,\n      \"pHolm\": 1,\n      \"smallestP\": 1\n", ResultsJson.Format(results), StringComparison.Ordinal);
    }
}
