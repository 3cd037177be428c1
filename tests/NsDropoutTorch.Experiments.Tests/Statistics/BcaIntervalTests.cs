using NsDropoutTorch.Experiments.Statistics;

namespace NsDropoutTorch.Experiments.Tests.Statistics;

/// <summary>
/// Golden values: SciPy 1.10.1, scipy.stats.bootstrap((x,), np.mean, n_resamples=0, bootstrap_result=given, confidence_level=c, method='BCa'), where
/// given.bootstrap_distribution holds the same resampled means. The values are multiples of 1/1024, whose sums are exact in any order.
/// </summary>
public sealed class BcaIntervalTests
{
    private static readonly double[] Five = InTicks(-12, -7, 3, -40, -9);
    private static readonly double[] Ten = InTicks(-5, 3, -18, -1, -30, 2, -11, -64, -7, -22);

    [Theory]
    [InlineData(0.95, -0.028125, -0.0037109375)]
    [InlineData(0.9, -0.0271484375, -0.004607918319805826)]
    public void Of_EveryPossibleResample_AgreesWithSciPy(double confidence, double low, double high) =>
        AssertInterval(low, high, BcaInterval.Of(Five, AllMeans(Five), confidence));

    [Fact]
    public void Of_DrawnResamples_AgreesWithSciPy() =>
        AssertInterval(-0.03115234375, -0.005943901088585335, BcaInterval.Of(Ten, DrawnMeans(Ten, 999)));

    [Fact]
    public void Of_OwnResamples_LiesNearTheIntervalOfAllResamples()
    {
        var own = BcaInterval.Of(Five)!;

        // In the long tail the possible means lie 0.0026 apart; SciPy's own 9,999 resamples land on either side of the gap, by seed.
        Assert.Equal(-0.028125, own.Low, 0.0026);
        Assert.Equal(-0.0037109375, own.High, 0.001);
        Assert.Equal(own, BcaInterval.Of(Five));
    }

    [Fact]
    public void Of_EqualValues_IsNull() => Assert.Null(BcaInterval.Of([0.1, 0.1, 0.1]));

    [Fact]
    public void Of_OneValue_IsNull() => Assert.Null(BcaInterval.Of([0.1]));

    [Fact]
    public void Of_AllResamplesOnOneSide_IsNull() => Assert.Null(BcaInterval.Of([1, 2, 3], [5, 6, 7]));

    [Fact]
    public void Of_SumsThatDifferByRounding_CountsThemAsEqual()
    {
        double[] values = [0.1, 0.2, 0.3];

        var rounded = BcaInterval.Of(values, [0.15, 0.2, 0.20000000000000004, 0.25]);

        Assert.Equal(BcaInterval.Of(values, [0.15, 0.2, 0.2, 0.25])!.High, rounded!.High, 1e-12);
    }

    private static void AssertInterval(double low, double high, Interval? interval)
    {
        Assert.Equal(low, interval!.Low, 1e-9);
        Assert.Equal(high, interval.High, 1e-9);
    }

    private static double[] InTicks(params int[] ticks) => Array.ConvertAll(ticks, tick => tick / 1024.0);

    private static IEnumerable<double> AllMeans(double[] values) =>
        from a in values from b in values from c in values from d in values from e in values select (a + b + c + d + e) / 5;

    // The same linear congruential generator as in the golden values' script: state 1, indices from bits 16 and up.
    private static double[] DrawnMeans(double[] values, int count)
    {
        var state = 1L;
        double Draw()
        {
            state = ((state * 1103515245) + 12345) % (1L << 31);
            return values[(int)((state >> 16) % values.Length)];
        }

        return [.. Enumerable.Range(0, count).Select(_ => values.Select(_ => Draw()).Average())];
    }
}
