using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Dropouts;

public class DropPathTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Train_Ones_EverySampleIsWholeOrGone(int rank)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var layer = torch.nn.DropPath(0.75);
        long[] shape = [4000, .. Enumerable.Repeat(3L, rank - 1)];
        var samples = Data.Values(layer.call(ones(shape))).Chunk((int)Math.Pow(3, rank - 1)).ToList();
        Assert.All(samples, sample => Assert.True(sample.All(v => v == 0) || sample.All(v => v == 4)));
        // Five standard deviations of a mean over 4,000 draws.
        Assert.InRange(samples.Count(sample => sample[0] == 0) / 4000.0, 0.75 - 0.0343, 0.75 + 0.0343);
    }

    [Fact]
    public void Train_SameSeed_IsStochasticDepthOfRows()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.DropPath(0.4);
        using var rows = torch.nn.StochasticDepth(0.4);
        var x = Data.Normal(1, 30, 5);
        manual_seed(3);
        var output = layer.call(x);
        manual_seed(3);
        Assert.True(Data.SameBits(output, rows.call(x)));
    }

    [Fact]
    public void Train_OnAResidualBranch_SkipsTheBlockForTheSample()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        using var layer = torch.nn.DropPath(0.5);
        var (x, branch) = (Data.Normal(1, 40, 3), ones(40, 3, ScalarType.Float64));
        var added = Data.Values(x.add(layer.call(branch)).sub(x)).Chunk(3).ToList();
        Assert.Contains(added, row => row.All(v => v == 0));
        Assert.Contains(added, row => row.All(v => Math.Abs(v - 2) < 1e-12));
    }
}
