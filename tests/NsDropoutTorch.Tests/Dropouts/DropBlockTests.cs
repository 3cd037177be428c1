using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Dropouts;

public class DropBlockTests
{
    [Theory]
    [InlineData(1, 5, 6)]
    [InlineData(2, 5, 6)]
    [InlineData(3, 7, 5)]
    [InlineData(4, 4, 9)]
    public void Mask_RandomSeeds_AgreeWithTheOracle(int b, int height, int width)
    {
        using var scope = NewDisposeScope();
        var random = new Random(b);
        for (var map = 0; map < 20; map++)
        {
            var seeds = new bool[height - b + 1, width - b + 1];
            for (var i = 0; i < seeds.Length; i++)
                seeds[i / seeds.GetLength(1), i % seeds.GetLength(1)] = random.NextDouble() < 0.15;
            var mask = DropBlockMath.Mask(tensor(seeds).reshape(1, 1, seeds.GetLength(0), seeds.GetLength(1)), b);
            Assert.Equal([1, 1, height, width], mask.shape);
            Assert.Equal(SlowSiblings.BlockMask(seeds, b).Cast<bool>(), Data.Values(mask).Select(v => v != 0));
        }
    }

    [Theory]
    [InlineData(1, 3, 4, 5)]
    [InlineData(2, 5, 3, 4)]
    [InlineData(3, 3, 5, 4)]
    public void Mask_RandomSeedsOfVolumes_AgreeWithTheOracle(int b, int depth, int height, int width)
    {
        using var scope = NewDisposeScope();
        var random = new Random(b);
        for (var map = 0; map < 20; map++)
        {
            var seeds = new bool[depth - b + 1, height - b + 1, width - b + 1];
            for (var z = 0; z < seeds.GetLength(0); z++)
            {
                for (var y = 0; y < seeds.GetLength(1); y++)
                {
                    for (var x = 0; x < seeds.GetLength(2); x++) seeds[z, y, x] = random.NextDouble() < 0.1;
                }
            }

            var mask = DropBlockMath.Mask(tensor([.. seeds.Cast<bool>()]).reshape(1, 1, seeds.GetLength(0), seeds.GetLength(1), seeds.GetLength(2)), b);
            Assert.Equal([1, 1, depth, height, width], mask.shape);
            Assert.Equal(SlowSiblings.BlockMask(seeds, b).Cast<bool>(), Data.Values(mask).Select(v => v != 0));
        }
    }

    /// <summary>An inner position of a volume is kept if none of its b³ seeds is drawn; the sum of the batch is kept exactly.</summary>
    [Fact]
    public void Train_InnerPositionOfAVolume_IsKeptAsOftenAsTheSeedRateSays()
    {
        using var scope = NewDisposeScope();
        manual_seed(9);
        const int draws = 20_000;
        var gamma = 0.3 / 8 * (4 * 5 * 3) / (3 * 4 * 2);
        Assert.Equal(gamma, DropBlockMath.SeedRate(0.3, 2, 4, 5, 3), 1e-15);
        using var layer = torch.nn.DropBlock3d(0.3, 2);
        var output = layer.call(ones([draws, 1, 4, 5, 3], ScalarType.Float64));
        Assert.Equal(draws * 60, output.sum().item<double>(), 1e-6);
        var kept = output[TensorIndex.Colon, 0, 2, 2, 1].ne(0).sum().ToDouble() / draws;
        var expected = Math.Pow(1 - gamma, 8);
        var bound = 5 * Math.Sqrt(expected * (1 - expected) / draws);
        Assert.InRange(kept - expected, -bound, bound);
    }

    [Fact]
    public void Apply_ScalesByTheShareThatIsKept()
    {
        using var scope = NewDisposeScope();
        var mask = tensor(new[] { true, false, true, true, false, true }).reshape(1, 1, 2, 3);
        var output = DropBlockMath.Apply(tensor(new double[] { 1, 2, 3, 4, 5, 6 }).reshape(1, 1, 2, 3), mask);
        Data.AssertClose([1.5, 0, 4.5, 6, 0, 9], output, 1e-15);
        Assert.Equal([0, 0], Data.Values(DropBlockMath.Apply(ones(1, 1, 1, 2), zeros([1, 1, 1, 2], ScalarType.Bool))));
    }

    [Fact]
    public void Train_Ones_DropsWholeBlocksAndKeepsTheSum()
    {
        using var scope = NewDisposeScope();
        manual_seed(6);
        using var layer = torch.nn.DropBlock2d(0.2, 3);
        var output = layer.call(ones([20, 4, 12, 10], ScalarType.Float64));
        Assert.Equal(20 * 4 * 120, output.sum().item<double>(), 1e-7);

        // Every dropped element lies in some 3×3 block that is dropped whole.
        var dropped = output.eq(0).to(ScalarType.Float32);
        var whole = torch.nn.functional.max_pool2d(dropped.neg(), 3, stride: 1).neg();
        var covered = torch.nn.functional.max_pool2d(torch.nn.functional.pad(whole, (2L, 2L, 2L, 2L)), 3, stride: 1);
        Assert.True(Data.SameBits(dropped, covered));
        Assert.True(dropped.sum().item<float>() > 500);
    }

    /// <summary>An inner position is kept if none of its b² seeds is drawn, so γ gives the share that is kept there.</summary>
    [Fact]
    public void Train_InnerPosition_IsKeptAsOftenAsTheSeedRateSays()
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        const int draws = 20_000;
        var gamma = 0.3 / 9 * 64 / 36;
        Assert.Equal(gamma, DropBlockMath.SeedRate(0.3, 3, 8, 8), 1e-15);
        using var layer = torch.nn.DropBlock2d(0.3, 3);
        var kept = layer.call(ones(draws, 1, 8, 8))[TensorIndex.Colon, 0, 4, 4].ne(0).sum().ToDouble() / draws;
        var expected = Math.Pow(1 - gamma, 9);
        var bound = 5 * Math.Sqrt(expected * (1 - expected) / draws);
        Assert.InRange(kept - expected, -bound, bound);
    }

    [Fact]
    public void Train_MapSmallerThanABlock_DropsWholeChannels()
    {
        using var scope = NewDisposeScope();
        manual_seed(8);
        using var layer = torch.nn.DropBlock2d(0.5, 7);
        var output = Data.Values(layer.call(ones(10, 6, 3, 3)));
        Assert.All(output.Chunk(9), channel => Assert.Single(channel.Distinct()));
        Assert.Contains(0, output);
        Assert.Contains(output, v => v > 1);
    }

    [Fact]
    public void Train_BlockOfOne_IsDropoutAtRateP()
    {
        Assert.Equal(0.3, DropBlockMath.SeedRate(0.3, 1, 9, 5), 1e-15);
        Assert.Equal(0.3, DropBlockMath.SeedRate(0.3, 5, 5, 5), 1e-15);
    }

    [Fact]
    public void Seeds_GivenGenerator_DrawsFromItAlone()
    {
        using var scope = NewDisposeScope();
        using var one = new Generator(5, CPU);
        using var same = new Generator(5, CPU);
        var x = ones(2, 3, 8, 9);
        var seeds = DropBlockMath.Seeds(x, 0.5, 3, one);
        Assert.Equal([2, 3, 6, 7], seeds.shape);
        Assert.True(Data.SameBits(seeds, DropBlockMath.Seeds(x, 0.5, 3, same)));
    }

    [Fact]
    public void Constructor_NoBlockSize_SaysTheRule()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => torch.nn.DropBlock2d(0.1, 0));
        Assert.StartsWith("block_size must be at least 1, but got 0.", error.Message, StringComparison.Ordinal);
    }
}
