using NsDropoutTorch.Experiments.Audit;

namespace NsDropoutTorch.Experiments.Tests.Audit;

public sealed class ChanceBoundTests
{
    [Theory]
    [InlineData(10, 2)]
    [InlineData(200, 10)]
    [InlineData(1000, 3)]
    [InlineData(10_000, 10)]
    public void RateOf_Samples_IsTheFirstThatChanceExceedsOnceInAThousand(int samples, int classes)
    {
        var rate = ChanceBound.RateOf(samples, 1.0 / classes);
        var count = (int)Math.Round(rate * samples);

        Assert.Equal((double)count / samples, rate);
        Assert.True(Beyond(samples, classes, count) <= 0.001);
        Assert.True(Beyond(samples, classes, count - 1) > 0.001);
    }

    [Fact]
    public void RateOf_FewSamples_MayBeBeyondReach() => Assert.Equal(1, ChanceBound.RateOf(2, 0.5));

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
