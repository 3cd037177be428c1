using NsDropoutTorch.Experiments.Statistics;

namespace NsDropoutTorch.Experiments.Tests.Statistics;

public sealed class MedianIntervalTests
{
    // The ranks of published tables of the sign test (W. J. Conover, "Practical Nonparametric Statistics", 1999, section 3.2).
    [Theory]
    [InlineData(6, 1)]
    [InlineData(8, 1)]
    [InlineData(9, 2)]
    [InlineData(12, 3)]
    [InlineData(20, 6)]
    [InlineData(30, 10)]
    public void Of_Values_LiesBetweenTheRanksOfTheSignTest(int count, int rank)
    {
        double[] values = [.. Enumerable.Range(1, count).Select(i => (double)i).Reverse()];

        Assert.Equal(new Interval(rank, count + 1 - rank), MedianInterval.Of(values));
    }

    [Theory]
    [InlineData(0, 0.95)]
    [InlineData(5, 0.95)]
    [InlineData(7, 0.99)]
    public void Of_TooFewValues_IsNull(int count, double confidence) => Assert.Null(MedianInterval.Of([.. Enumerable.Repeat(0.5, count)], confidence));

    [Fact]
    public void Of_LowConfidence_NeverCrosses() => Assert.Equal(new Interval(2, 3), MedianInterval.Of([1, 2, 3, 4], 0.01));

    [Fact]
    public void Of_NaN_SaysTheRule() => Assert.Equal(
        "values of a statistic must be finite, but got NaN; leave out what diverged or was not measured.",
        Assert.Throws<ArgumentException>(() => MedianInterval.Of([0.5, double.NaN])).Message);
}
