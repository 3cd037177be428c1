using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Dropouts;

public class BroadcastDropoutTests
{
    [Theory]
    [InlineData(new long[0], new long[] { 4, 5, 6 })]
    [InlineData(new long[] { 0 }, new long[] { 1, 5, 6 })]
    [InlineData(new long[] { 1, 2 }, new long[] { 4, 1, 1 })]
    [InlineData(new long[] { -1, 0 }, new long[] { 1, 5, 1 })]
    [InlineData(new long[] { -1, 2 }, new long[] { 4, 5, 1 })]
    public void Apply_AgreesWithTheOracle(long[] dims, long[] maskShape)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var x = Data.Normal(1, 4, 30).reshape(4, 5, 6);
        var mask = BroadcastDropoutMath.Mask(x, 0.3, dims);
        Assert.Equal(maskShape, mask.shape);
        var (values, kept) = (Data.Values(x), Data.Values(mask));
        var expected = values.Select((v, i) =>
        {
            long[] place = [i / 30, i / 6 % 5, i % 6];
            var flat = Enumerable.Range(0, 3).Aggregate(0L, (index, dim) => (index * maskShape[dim]) + (maskShape[dim] == 1 ? 0 : place[dim]));
            return kept[flat] != 0 ? v / 0.7 : 0;
        });
        Data.AssertClose([.. expected], BroadcastDropoutMath.Apply(x, mask, 0.3), 1e-14);
    }

    [Fact]
    public void Train_OverBatchAndPlaces_DropsChannelsOfAllSamplesAtRateP()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var layer = torch.nn.BroadcastDropout(0.75, [0, 2]);
        var output = layer.call(ones(3, 4000, 2));
        var rows = Data.Values(output.transpose(1, 2)).Chunk(4000).ToList();
        Assert.All(rows, row => Assert.Equal(rows[0], row));
        Assert.All(rows[0], value => Assert.True(value is 0 or 4));
        // Five standard deviations of a mean over 4,000 draws.
        Assert.InRange(rows[0].Count(value => value == 0) / 4000.0, 0.75 - 0.0343, 0.75 + 0.0343);
    }

    /// <summary>Draws that are shared over the places of an image are those of FastDropout2d for Float64: one draw of the same generator a channel.</summary>
    [Fact]
    public void Train_OverPlaces_IsFastDropout2d()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.BroadcastDropout(0.3, [2, 3]);
        using var channels = torch.nn.FastDropout2d(0.3);
        var x = Data.Normal(1, 6, 60).reshape(6, 5, 3, 4);
        manual_seed(3);
        var output = layer.call(x);
        manual_seed(3);
        Assert.True(Data.SameBits(channels.call(x), output));
    }

    [Theory]
    [InlineData(2, "dims must be dimensions of the input, but got 2 for an input of shape [5, 6].")]
    [InlineData(-3, "dims must be dimensions of the input, but got -3 for an input of shape [5, 6].")]
    public void Forward_InputWithoutTheDimension_SaysTheRuleInBothModes(long dim, string message)
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.BroadcastDropout(0.5, [0, dim]);
        var x = ones(5, 6);
        foreach (var training in new[] { true, false })
        {
            layer.train(training);
            Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => layer.call(x)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Constructor_TheArrayChangedLater_StaysAsItWas()
    {
        long[] dims = [0];
        using var layer = torch.nn.BroadcastDropout(0.5, dims);
        dims[0] = 7;
        Assert.Equal([0], layer.dims);
    }

    [Fact]
    public void Mask_GivenGenerator_DrawsFromItAlone()
    {
        using var scope = NewDisposeScope();
        GivenGenerator.IsDrawnFromAlone(generator => BroadcastDropoutMath.Mask(ones(50, 20), 0.5, [0], generator));
    }
}
