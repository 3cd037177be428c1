using NsDropoutTorch.Experiments.Audit;

namespace NsDropoutTorch.Experiments.Tests.Audit;

public sealed class ChanceBoundTests
{
    [Theory]
    [InlineData(10, 2, 1)]
    [InlineData(200, 10, 1)]
    [InlineData(1000, 3, 1)]
    [InlineData(10_000, 10, 1)]
    [InlineData(10_000, 10, 2)]
    [InlineData(1000, 3, 60)]
    public void RateOf_Samples_IsTheFirstThatChanceExceedsOnceInAThousandComparisonsOfAllRates(int samples, int classes, int rates)
    {
        var rate = ChanceBound.RateOf(samples, 1.0 / classes, rates);
        var count = (int)Math.Round(rate * samples);

        Assert.Equal((double)count / samples, rate);
        Assert.True(rates * Beyond(samples, classes, count) <= 0.001);
        Assert.True(rates * Beyond(samples, classes, count - 1) > 0.001);
    }

    [Fact]
    public void RateOf_FewSamples_MayBeBeyondReach() => Assert.Equal(1, ChanceBound.RateOf(2, 0.5, 1));

    [Fact]
    public void RateOf_NothingTested_SaysTheRule()
    {
        Assert.Equal("number of samples must be at least 1, but got 0.", Assert.Throws<ArgumentException>(() => ChanceBound.RateOf(0, 0.5, 1)).Message);
        Assert.Equal("number of rates must be at least 1, but got 0.", Assert.Throws<ArgumentException>(() => ChanceBound.RateOf(9, 0.5, 0)).Message);
        Assert.Equal("chance must be in (0, 1], but got NaN.", Assert.Throws<ArgumentException>(() => ChanceBound.RateOf(9, double.NaN, 1)).Message);
    }

    // A rate is 1 − an error: of 5155 samples in 10,000 it is 0.5155 and a rounding more.
    [Fact]
    public void IsExceededBy_TheBoundItselfButForRounding_IsFalse()
    {
        const double following = 1 - 0.4845;

        Assert.True(following > 0.5155);
        Assert.False(ChanceBound.IsExceededBy(following, 0.5155, 10_000));
        Assert.True(ChanceBound.IsExceededBy(0.5156, 0.5155, 10_000));
    }

    /// <summary>P(X &gt; count), term by term in logarithms.</summary>
    private static double Beyond(int samples, int classes, int count)
    {
        var (sum, term) = (0.0, samples * Math.Log(1 - (1.0 / classes)));
        for (var k = 0; k <= samples; k++)
        {
            sum += k > count ? Math.Exp(term) : 0;
            term += Math.Log((double)(samples - k) / (k + 1) / (classes - 1));
        }

        return sum;
    }
}
