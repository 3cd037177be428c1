using MathNet.Numerics.Distributions;
using NsDropoutTorch.Experiments.Statistics;

namespace NsDropoutTorch.Experiments.Tests.Statistics;

public sealed class MeanIntervalTests
{
    private static readonly double[] Ten = [0.0501, 0.0489, 0.0512, 0.0478, 0.0495, 0.0533, 0.0467, 0.0508, 0.0499, 0.0481];

    // Of zeros and ones it is the interval of Clopper and Pearson, whose ends are quantiles of beta distributions.
    [Theory]
    [InlineData(6, 0, 0.95)]
    [InlineData(6, 6, 0.95)]
    [InlineData(10, 3, 0.95)]
    [InlineData(30, 1, 0.95)]
    [InlineData(30, 17, 0.9)]
    public void Of_ZerosAndOnes_IsTheIntervalOfClopperAndPearson(int count, int ones, double confidence)
    {
        double[] values = [.. Enumerable.Repeat(1.0, ones), .. Enumerable.Repeat(0.0, count - ones)];

        var interval = MeanInterval.Of(values, 0, 1, confidence)!;

        Assert.Equal(ones == 0 ? 0 : Beta.InvCDF(ones, count - ones + 1, (1 - confidence) / 2), interval.Low, 1e-7);
        Assert.Equal(ones == count ? 1 : Beta.InvCDF(ones + 1, count - ones, (1 + confidence) / 2), interval.High, 1e-7);
    }

    // The definition, by drawing: Σwᵢxᵢ with uniform weights, and one more value at the end of the range.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    public void Of_AnyValues_HasTheQuantilesOfRandomlyWeightedMeans(double lowest, double highest)
    {
        double[] values = [0.05, 0.05, 0.3, 0.31, 0.05, 0.9, 0.2, 0.4];

        var interval = MeanInterval.Of(values, lowest, highest)!;

        Assert.Equal(QuantileOfWeightedMeans([.. values, lowest], 0.025), interval.Low, 0.005);
        Assert.Equal(QuantileOfWeightedMeans([.. values, highest], 0.975), interval.High, 0.005);
    }

    [Fact]
    public void Of_ValuesShiftedAndMirrored_MovesAlong()
    {
        var interval = MeanInterval.Of(Ten, 0, 1)!;

        var mirrored = MeanInterval.Of([.. Ten.Select(value => 3 - (2 * value))], 1, 3)!;

        Assert.Equal(3 - (2 * interval.High), mirrored.Low, 1e-12);
        Assert.Equal(3 - (2 * interval.Low), mirrored.High, 1e-12);
    }

    [Fact]
    public void Of_ErrorsThatHardlyDiffer_ReachesAsFarAsSeedsThatFailNowAndThen()
    {
        var interval = MeanInterval.Of(Ten, 0, 1)!;

        // A weight of Beta(1, 10) for the one value at the end: 1 − 0.025^(1/10) = 0.308 of the way.
        Assert.Equal(0.0496 + (0.308 * (1 - 0.0496)), interval.High, 0.001);
        Assert.Equal(0.0496 * (1 - 0.308), interval.Low, 0.001);
    }

    [Theory]
    [InlineData(0, 0.95)]
    [InlineData(5, 0.95)]
    [InlineData(7, 0.99)]
    public void Of_TooFewValues_IsNull(int count, double confidence) => Assert.Null(MeanInterval.Of(Ten[..count], 0, 1, confidence));

    [Theory]
    [InlineData(double.NaN, "values of a statistic must be finite, but got NaN; leave out what diverged or was not measured.")]
    [InlineData(double.NegativeInfinity, "values of a statistic must be finite, but got -Infinity; leave out what diverged or was not measured.")]
    [InlineData(1.5, "values must be in [0, 1], but got 1.5; give the range in which they can lie.")]
    public void Of_ValueThatIsNone_SaysTheRule(double value, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<ArgumentException>(() => MeanInterval.Of([0.5, value], 0, 1)).Message);

    [Fact]
    public void Of_NoRangeOrNoConfidence_SaysTheRule()
    {
        Assert.Equal("a range must go from a lower to a higher number, but got [1, 1].", Assert.Throws<ArgumentException>(() => MeanInterval.Of(Ten, 1, 1)).Message);
        Assert.Equal("confidence must be in (0, 1), but got 95.", Assert.Throws<ArgumentException>(() => MeanInterval.Of(Ten, 0, 1, 95)).Message);
    }

    private static double QuantileOfWeightedMeans(double[] values, double share)
    {
        var random = new Random(1);
        var means = Enumerable.Range(0, 40_000).Select(_ =>
        {
            var weights = Array.ConvertAll(values, _ => -Math.Log(1 - random.NextDouble()));
            return values.Zip(weights, (value, weight) => value * weight).Sum() / weights.Sum();
        }).Order().ToArray();
        return means[(int)(share * means.Length)];
    }
}
