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
    public void Apply_AgreesWithTheOracle()
    {
        using var scope = NewDisposeScope();
        var x = Data.Normal(1, 6, 5);
        var mask = DropPathMath.Mask(x, 0.4);
        Assert.Equal([6, 1], mask.shape);
        var kept = Data.Values(mask);
        Data.AssertClose([.. Data.Values(x).Select((v, i) => kept[i / 5] != 0 ? v / 0.6 : 0)], DropPathMath.Apply(x, mask, 0.4), 1e-14);
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

    [Fact]
    public void Mask_GivenGenerator_DrawsFromItAlone()
    {
        using var scope = NewDisposeScope();
        using var one = new Generator(5, CPU);
        using var same = new Generator(5, CPU);
        Assert.True(Data.SameBits(DropPathMath.Mask(ones(50, 2), 0.5, one), DropPathMath.Mask(ones(50, 2), 0.5, same)));
    }
}
