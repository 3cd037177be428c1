using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>Masks in host memory. Statistical bounds are those of one false alarm in a thousand seeds; the seeds are fixed.</summary>
public class MaskBitsTests
{
    private const double Z = 3.2905; // Two-sided, at the level of 0.1 %.

    public static TheoryData<int> Lengths => [1, 7, 31, 32, 33, 95, 4096, 16_384, 16_385, 16_416, 40_000, 140_001];

    [Theory, MemberData(nameof(Lengths))]
    public void Multiply_IsTheOraclesMask(int length)
    {
        using var scope = NewDisposeScope();
        var (source, target) = (Data.Normal(1, 1, length, ScalarType.Float32), zeros(1, length));
        foreach (var threshold in new[] { 0, 1, 13_107, 40_000, 65_535 })
        {
            MaskBits.Multiply(source, target, 99, threshold);
            var expected = source.data<float>().Zip(SlowMaskBits.Factors(99, threshold, length), (x, factor) => x * factor);
            Assert.Equal(expected, target.data<float>());
        }

        var inPlace = source.clone();
        MaskBits.Multiply(inPlace, inPlace, 99, 65_535);
        Assert.True(Data.SameBits(target, inPlace));
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Keep_IsTheOraclesMask(int length)
    {
        using var scope = NewDisposeScope();
        foreach (var p in new[] { 0, 1e-9, 0.2, 0.75, 1 - 1e-12 })
        {
            manual_seed(3);
            var mask = MaskBits.Keep([length], p, null, null);
            manual_seed(3);
            var threshold = (uint)Math.Min(Math.Round(p * 4294967296), uint.MaxValue);
            Assert.Equal(SlowMaskBits.Keep(MaskBits.Seed(null), threshold, length), mask.data<bool>());
        }
    }

    [Fact]
    public void Bits_DoNotDependOnTheNumberOfThreads()
    {
        using var scope = NewDisposeScope();
        var before = get_num_threads();
        try
        {
            var (one, several) = (Masks(1), Masks(4));
            Assert.True(Data.SameBits(one.keep, several.keep));
            Assert.True(Data.SameBits(one.product, several.product));
        }
        finally
        {
            set_num_threads(before);
        }

        static (Tensor keep, Tensor product) Masks(int threads)
        {
            set_num_threads(threads);
            manual_seed(8);
            var (keep, product) = (MaskBits.Keep([500, 1001], 0.3, null, null), ones(500, 1001));
            MaskBits.Multiply(product, product, 8, 20_000);
            return (keep, product);
        }
    }

    [Fact]
    public void Seed_IsOneDrawOfTorchsGenerator()
    {
        using var scope = NewDisposeScope();
        manual_seed(12);
        var state = get_rng_state();
        var seeds = Enumerable.Range(0, 10_000).Select(_ => MaskBits.Seed(null)).ToList();
        Assert.Equal(seeds.Count, seeds.Distinct().Count());
        Assert.All(seeds, seed => Assert.InRange(seed, 0UL, (1UL << 53) - 1));
        Assert.Equal(5000, seeds.Count(seed => seed >= 1UL << 52), Z * Math.Sqrt(2500));
        set_rng_state(state);
        Assert.Equal(seeds[0], MaskBits.Seed(null));
        using var generator = new Generator(12, CPU);
        Assert.Equal(seeds[0], MaskBits.Seed(generator));
        Assert.Equal(seeds[1], MaskBits.Seed(null));
    }

    [Theory]
    [InlineData(0.5 / 65_536, 0)]
    [InlineData(0.2, 13_107)]
    [InlineData(0.5, 32_768)]
    [InlineData(1 - 1e-9, 65_535)]
    public void Threshold_IsTheNearestThatKeepsSome(double p, int expected) => Assert.Equal(expected, MaskBits.Threshold(p));

    /// <summary>Chi-square over eleven rates with 11 degrees of freedom, for draws of 16 and of 32 bits; the bounds are its quantiles 0.0005 and 0.9995.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rates_AreThose(bool floats)
    {
        const int length = 1 << 20;
        var square = 0.0;
        foreach (var p in new[] { 0.001, 0.01, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.99, 0.999 })
        {
            var rate = floats ? MaskBits.Rate(MaskBits.Threshold(p)) : p;
            Assert.Equal(p, rate, 0.5 / 65_536);
            var dropped = length - Mask(floats, p, length, 41).Sum();
            square += Math.Pow(dropped - (length * rate), 2) / (length * rate * (1 - rate));
        }

        Assert.InRange(square, 1.58, 33.2);
    }

    /// <summary>Drops per row and per column are binomial: each chi-square is normal to good approximation, with mean k and variance 2k.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RowsAndColumns_HaveBinomialCounts(bool floats)
    {
        const int rows = 2048, columns = 512;
        var mask = Mask(floats, 0.25, rows * columns, 42);
        AssertBinomial(Enumerable.Range(0, rows).Select(row => mask.AsSpan(row * columns, columns).ToArray().Sum()), columns, rows);
        AssertBinomial(Enumerable.Range(0, columns).Select(column => Enumerable.Range(0, rows).Sum(row => mask[(row * columns) + column])), rows, columns);

        static void AssertBinomial(IEnumerable<int> kept, int draws, int degrees)
        {
            var square = kept.Sum(count => Math.Pow(count - (draws * 0.75), 2) / (draws * 0.75 * 0.25));
            Assert.Equal(degrees, square, Z * Math.Sqrt(2 * degrees));
        }
    }

    /// <summary>Elements a lag apart, a lane, a block, a row or a chunk, are kept together as often as independent ones.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Elements_AtEveryLag_AreIndependent(bool floats)
    {
        const int length = 1 << 20;
        var mask = Mask(floats, 0.5, length, 43);
        int[] lags = [1, 2, 3, 4, 7, 8, 15, 16, 24, 31, 32, 33, 64, 128, 512, 1000, 16_383, 16_384, 16_385, 32_768];
        var square = lags.Sum(lag => Math.Pow(Agreement(mask.AsSpan(lag), mask), 2));
        Assert.InRange(square, 5.39, 47.5); // Quantiles 0.0005 and 0.9995 of chi-square with 20 degrees of freedom.
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Calls_OneAfterTheOther_AreIndependent(bool floats)
    {
        const int length = 1 << 18;
        manual_seed(44);
        var masks = Enumerable.Range(0, 7).Select(_ => Mask(floats, 0.5, length)).ToList();
        var pairs = masks.SelectMany((a, i) => masks.Skip(i + 1).Select(b => Agreement(a, b))).ToList();
        Assert.Equal(21, pairs.Count);
        Assert.InRange(pairs.Sum(z => z * z), 5.9, 49.1); // Quantiles 0.0005 and 0.9995 of chi-square with 21 degrees of freedom.
    }

    /// <summary>The runs test of Wald and Wolfowitz.</summary>
    [Theory]
    [InlineData(true, 0.5)]
    [InlineData(true, 0.1)]
    [InlineData(false, 0.5)]
    [InlineData(false, 0.9)]
    public void Runs_AreAsManyAsInRandomOrder(bool floats, double p)
    {
        var mask = Mask(floats, p, 1 << 20, 45);
        double ones = mask.Sum(), zeros = mask.Length - ones;
        var runs = 1 + mask.Zip(mask.Skip(1)).Count(pair => pair.First != pair.Second);
        var mean = 1 + (2 * ones * zeros / mask.Length);
        var variance = (mean - 1) * (mean - 2) / (mask.Length - 1);
        Assert.Equal(mean, runs, Z * Math.Sqrt(variance));
    }

    /// <summary>The agreement of two fair masks as a standard normal number.</summary>
    private static double Agreement(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        var (same, length) = (0, Math.Min(a.Length, b.Length));
        for (var i = 0; i < length; i++) same += a[i] == b[i] ? 1 : 0;
        return (same - (length / 2.0)) / Math.Sqrt(length / 4.0);
    }

    private static int[] Mask(bool floats, double p, int length, long? seed = null)
    {
        using var scope = NewDisposeScope();
        if (seed is { } number) manual_seed(number);
        if (!floats) return [.. MaskBits.Keep([length], p, null, null).data<bool>().Select(kept => kept ? 1 : 0)];
        var factors = ones(length);
        MaskBits.Multiply(factors, factors, MaskBits.Seed(null), MaskBits.Threshold(p));
        return [.. factors.data<float>().Select(factor => factor > 0 ? 1 : 0)];
    }
}
