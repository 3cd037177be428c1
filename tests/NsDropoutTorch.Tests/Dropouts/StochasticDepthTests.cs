using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Dropouts;

public class StochasticDepthTests
{
    [Theory]
    [InlineData(StochasticDepthMode.Row, 6)]
    [InlineData(StochasticDepthMode.Batch, 1)]
    public void Apply_AgreesWithTheOracle(StochasticDepthMode mode, int draws)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var x = Data.Normal(1, 6, 10).reshape(6, 5, 2);
        var mask = StochasticDepthMath.Mask(x, 0.4, mode);
        Assert.Equal([draws, 1, 1], mask.shape);
        var kept = Data.Values(mask);
        Data.AssertClose([.. Data.Values(x).Select((v, i) => kept[draws == 1 ? 0 : i / 10] != 0 ? v / 0.6 : 0)], StochasticDepthMath.Apply(x, mask, 0.4), 1e-14);
    }

    [Fact]
    public void Train_OfTheBatch_DropsAllSamplesOrNoneAtRateP()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var layer = torch.nn.StochasticDepth(0.75, StochasticDepthMode.Batch);
        var x = ones(7, 3);
        var calls = Enumerable.Range(0, 4000).Select(_ => Data.Values(layer.call(x))).ToList();
        Assert.All(calls, output => Assert.True(output.All(v => v == 0) || output.All(v => v == 4)));
        // Five standard deviations of a mean over 4,000 draws.
        Assert.InRange(calls.Count(output => output[0] == 0) / 4000.0, 0.75 - 0.0343, 0.75 + 0.0343);
    }

    [Fact]
    public void Rate_TenBlocks_RisesInEqualSteps()
    {
        var rates = Enumerable.Range(0, 11).Select(layer => StochasticDepthMath.Rate(layer, 10, 0.5)).ToArray();
        Assert.Equal([0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5], rates.Select(rate => Math.Round(rate, 12)));
        // The paper's number of blocks that are there on average, (3L−1)/4 for p_L = 0.5.
        Assert.Equal(((3 * 54) - 1) / 4.0, Enumerable.Range(1, 54).Sum(layer => 1 - StochasticDepthMath.Rate(layer, 54, 0.5)), 1e-12);
    }

    [Theory]
    [InlineData(-1, 3, 0.5, "layer must be in [0, 3], but got -1.")]
    [InlineData(4, 3, 0.5, "layer must be in [0, 3], but got 4.")]
    [InlineData(1, 0, 0.5, "layers must be at least 1, but got 0.")]
    [InlineData(1, 3, 1.5, "last must be in [0, 1], but got 1.5.")]
    public void Rate_OutOfRange_SaysTheRule(long layer, long layers, double last, string message)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => StochasticDepthMath.Rate(layer, layers, last));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_NoSuchMode_SaysTheRule()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => torch.nn.StochasticDepth(0.5, (StochasticDepthMode)7));
        Assert.StartsWith("StochasticDepthMode must be one of Row, Batch, but got 7.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StochasticDepthMode.Row)]
    [InlineData(StochasticDepthMode.Batch)]
    public void Mask_GivenGenerator_DrawsFromItAlone(StochasticDepthMode mode)
    {
        using var scope = NewDisposeScope();
        GivenGenerator.IsDrawnFromAlone(generator => StochasticDepthMath.Mask(ones(50, 2), 0.5, mode, generator));
    }
}
