using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>Random numbers of tensor operators, on the host; <see cref="CudaDrawTests"/> holds those of a device to these.</summary>
public class SplitMixTests
{
    private const ulong Seed = 9_007_199_254_740_881; // Near the largest that is drawn.
    private static readonly long[] Shape = [5, 401];

    [Theory]
    [InlineData(0)]
    [InlineData(1234567)]
    [InlineData(Seed)]
    [InlineData(ulong.MaxValue)]
    public void Words_AreThePublishedOnes(ulong seed)
    {
        using var scope = NewDisposeScope();
        var words = SplitMix.Words(seed, Shape, CPU);
        Assert.Equal(Shape, words.shape);
        Assert.Equal(SlowMaskBits.SplitMix(seed).Take(2005), words.data<long>().Select(word => (ulong)word));
        Assert.Equal(0, SplitMix.Words(seed, [0, 3], CPU).numel());
    }

    [Fact]
    public void Numbers_AreThoseOfTheWords()
    {
        using var scope = NewDisposeScope();
        var words = SlowMaskBits.SplitMix(Seed).Take(2005).ToArray();
        var doubles = words.Select(word => ((word % (1UL << 52)) + 0.5) / (1UL << 52)).ToArray();
        Assert.Equal(doubles, SplitMix.Uniform(Seed, Shape, ScalarType.Float64, CPU).data<double>());
        Assert.Equal(words.Select(word => ((word % (1 << 23)) + 0.5f) / (1 << 23)), SplitMix.Uniform(Seed, Shape, ScalarType.Float32, CPU).data<float>());
        foreach (var p in new[] { 0, 0.3, 1 })
            Assert.Equal(words.Select(word => word % (1UL << 62) < p * (1UL << 62)), SplitMix.Bernoulli(Seed, Shape, p, CPU).data<bool>());

        // The normal distribution function gives back the even numbers.
        var normal = SplitMix.Normal(Seed, Shape, ScalarType.Float64, CPU);
        Data.AssertClose(doubles, special.ndtr(normal), 1e-14, 1e-12);
    }

    /// <summary>Kolmogorov's and Smirnov's statistic lies below its bound of one false alarm in a thousand, for the numbers of one draw and for the first number of as many draws.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Numbers_AreSpreadEvenly(bool ofOneDraw)
    {
        const int count = 20_000;
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        double[] numbers = ofOneDraw
            ? [.. SplitMix.Uniform(Seed, [count], ScalarType.Float64, CPU).data<double>()]
            : [.. Enumerable.Range(0, count).Select(_ => SlowMaskBits.SplitMix(MaskBits.Seed(generator)).First() / Math.Pow(2, 64))];
        var distance = numbers.Order().Select((u, i) => Math.Max(u - ((double)i / count), ((i + 1.0) / count) - u)).Max();
        Assert.InRange(distance, 0, 1.95 / Math.Sqrt(count));
    }

    /// <summary>Draws of two seeds share no pattern: their correlation is that of independent numbers.</summary>
    [Fact]
    public void Draws_OfTwoSeeds_AreNotCorrelated()
    {
        const int count = 100_000;
        using var scope = NewDisposeScope();
        var (first, second) = (SplitMix.Normal(5, [count], ScalarType.Float64, CPU), SplitMix.Normal(6, [count], ScalarType.Float64, CPU));
        Assert.InRange(first.mul(second).mean().item<double>() * Math.Sqrt(count), -3.29, 3.29);
        Assert.InRange(first.narrow(0, 1, count - 1).mul(first.narrow(0, 0, count - 1)).mean().item<double>() * Math.Sqrt(count), -3.29, 3.29);
        Assert.InRange(first.mean().item<double>() * Math.Sqrt(count), -3.29, 3.29);
        Assert.InRange((first.square().mean().item<double>() - 1) * Math.Sqrt(count / 2.0), -3.29, 3.29);
    }
}
