using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>Rates by the rank of gaps, and masks drawn by them. Statistical bounds are those of one false alarm in a thousand seeds; the seeds are fixed.</summary>
public sealed class GapRatesTests
{
    private const double Z = 3.2905; // Two-sided, at the level of 0.1 %.

    public static TheoryData<double, double, GapRanking, int, bool> Rules
    {
        get
        {
            var rules = new TheoryData<double, double, GapRanking, int, bool>();
            foreach (var p in new[] { 0, 0.1, 0.2, 0.5, 0.73, 0.999 })
            foreach (var share in new[] { 0, 0.5, 0.99 })
            foreach (var ranking in Enum.GetValues<GapRanking>())
            foreach (var count in new[] { 1, 2, 7, 128 })
            {
                rules.Add(p, share, ranking, count, false);
                rules.Add(p, share, ranking, count, true);
            }

            return rules;
        }
    }

    [Theory, MemberData(nameof(Rules))]
    public void Of_IsTheFormulaAndItsMeanIsP(double p, double share, GapRanking ranking, int count, bool keepLargest)
    {
        using var scope = NewDisposeScope();
        var gap = Data.Normal(5, 1, count).squeeze(0);

        var rates = Data.Values(GapRates.Of(gap, p, share, ranking, keepLargest));

        var expected = Formula(Data.Values(gap), p, share, ranking, keepLargest);
        Assert.All(expected.Zip(rates), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        Assert.Equal(p, rates.Average(), 1e-12);
        Assert.All(rates, rate => Assert.InRange(rate, 0, Math.BitDecrement(1.0)));
    }

    [Fact]
    public void Of_GivesTheSmallestRatesToGapsThatAreNotFiniteAndToTheFirstOfEqualOnes()
    {
        using var scope = NewDisposeScope();
        var rates = GapRates.Of(tensor(new[] { 3.0, double.NaN, -2, double.PositiveInfinity, 3, double.NegativeInfinity }), 0.5, 0.5);
        Assert.Equal([0.65, 0.25, 0.55, 0.35, 0.75, 0.45], Data.Values(rates).Select(rate => Math.Round(rate, 12)));
    }

    /// <summary>To the bit, whatever the gaps: equal ones, zeros of both signs, the smallest and largest, and what is not finite.</summary>
    [Theory, MemberData(nameof(Rules))]
    public void Replace_InHostMemory_IsWhatOperatorsGive(double p, double share, GapRanking ranking, int count, bool keepLargest)
    {
        using var scope = NewDisposeScope();
        var random = Data.Normal(5, 1, count, ScalarType.Float32).squeeze(0);
        float[] odd = [0, -0f, 1, -1, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue];
        var oddities = tensor([.. Enumerable.Range(0, count).Select(i => odd[i * 7 % odd.Length])]);
        foreach (var gap in new[] { random, random.mul(4).round(), oddities, zeros(count) })
        {
            var rates = full(count, 0.1);
            HostGapRates.Replace(gap, GapRates.Ascending(count, p, share, ranking, ScalarType.Float32, CPU).Elements<float>(), keepLargest, rates);
            Assert.True(Data.SameBits(GapRates.Of(gap, p, share, ranking, keepLargest), rates));
        }

        var before = full(count, 0.1);
        HostGapRates.Replace(full(count, float.NaN), new float[count], keepLargest, before);
        Assert.True(Data.SameBits(full(count, 0.1), before));
    }

    [Fact]
    public void Pool_IsTheMeanOverTheClassesThatAreKnown()
    {
        using var scope = NewDisposeScope();
        var gaps = tensor(new[,] { { 1.0, 2 }, { double.NaN, double.NaN }, { 5, -4 } });

        Assert.Equal([3.0, -1.0], Data.Values(GapRates.Pool(gaps, tensor(new[] { true, false, true }))));
        Assert.Equal([3.0, -1.0], Data.Values(GapRates.Pool(gaps, tensor(new long[] { 7, 0, 1 }))));
        Assert.All(Data.Values(GapRates.Pool(gaps, tensor(new[] { false, false, false }))), value => Assert.Equal(double.NaN, value));
        Assert.Equal([1.0, 2.0], Data.Values(GapRates.Pool(gaps[..1], tensor(new[] { true }))));
        Assert.All(Data.Values(GapRates.Pool(gaps[..1], tensor(new[] { false }))), value => Assert.Equal(double.NaN, value));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 31)]
    [InlineData(300, 32)]
    [InlineData(300, 130)]
    [InlineData(2, 20_000)]
    public void Mask_InHostMemory_IsTheOracles(int rows, int width)
    {
        using var scope = NewDisposeScope();
        var rates = linspace(0, 0.9, width);
        manual_seed(7);
        var seed = MaskBits.Seed(null);
        manual_seed(7);

        var factors = HostRates.Draw(rates, null).Factors([rows, width]);

        Assert.Equal(SlowMaskBits.FactorsByColumn(seed, [.. rates.data<float>().Select(rate => MaskBits.Threshold(rate))], rows), factors.data<float>().ToArray());
    }

    [Fact]
    public void Mask_DoesNotDependOnTheNumberOfThreads()
    {
        using var scope = NewDisposeScope();
        var before = get_num_threads();
        try
        {
            Assert.True(Data.SameBits(Mask(1), Mask(4)));
        }
        finally
        {
            set_num_threads(before);
        }

        static Tensor Mask(int threads)
        {
            set_num_threads(threads);
            manual_seed(8);
            return GapRates.Apply(ones(700, 301), linspace(0.1, 0.6, 301));
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.BFloat16)]
    public void Apply_DropsEachColumnAtItsRateAndKeepsExpectations(ScalarType dtype)
    {
        const int rows = 20_000, width = 40;
        using var scope = NewDisposeScope();
        manual_seed(9);
        var rates = linspace(0, 0.8, width);

        var output = GapRates.Apply(ones(rows, width, dtype), rates);

        var dropped = Data.Values(output.eq(0).sum(0L, type: ScalarType.Float64));
        var square = dropped.Zip(Data.Values(rates)).Skip(1).Sum(pair => Math.Pow(pair.First - (rows * pair.Second), 2) / (rows * pair.Second * (1 - pair.Second)));
        Assert.Equal(width - 1, square, Z * Math.Sqrt(2 * (width - 1)));
        Assert.Equal(0, dropped[0]);
        var kept = Data.Values(output.to(ScalarType.Float64).max(0).values);
        var precision = dtype is ScalarType.BFloat16 ? 1 / 256.0 : 1e-4; // Half a unit in the last place; rates in host memory are multiples of 2⁻¹⁶.
        Assert.All(kept.Zip(Data.Values(rates)), pair => Assert.Equal(1 / (1 - pair.Second), pair.First, pair.First * precision));
    }

    [Fact]
    public void Apply_DrawsRowsAndColumnsIndependently()
    {
        const int rows = 4096, width = 64;
        using var scope = NewDisposeScope();
        manual_seed(10);
        var kept = GapRates.Apply(ones(rows, width), full(width, 0.5)).gt(0).to(ScalarType.Float64).sub_(0.5).mul_(2);

        AssertIndependent(kept, width);
        AssertIndependent(kept[..256].t(), 256);

        // Products of different columns sum to 0 with variance n.
        static void AssertIndependent(Tensor values, int columns)
        {
            var products = values.t().matmul(values).div_(Math.Sqrt(values.size(0))).triu(1);
            var pairs = columns * (columns - 1) / 2;
            Assert.Equal(pairs, products.square().sum().item<double>(), Z * Math.Sqrt(2 * pairs));
        }
    }

    [Theory]
    [InlineData(20, 30)]
    [InlineData(300, 400)]
    public void Gradient_IsTheMaskAndCanBeDifferentiated(long rows, long width)
    {
        using var scope = NewDisposeScope();
        manual_seed(11);
        var (input, upstream) = (randn(rows, width, requires_grad: true), randn(rows, width, requires_grad: true));

        var output = GapRates.Apply(input, linspace(0, 0.9, width));
        var factors = output.detach() / input.detach();
        var gradient = autograd.grad([output], [input], [upstream], create_graph: true)[0];

        Assert.True(gradient.allclose(upstream * factors, rtol: 1e-6, atol: 0));
        Assert.True(autograd.grad([gradient.sum()], [upstream])[0].allclose(factors, rtol: 1e-6, atol: 0));
    }

    [Fact]
    public void Apply_ToChannels_DrawsOnceForAllPositions()
    {
        using var scope = NewDisposeScope();
        manual_seed(12);
        var output = GapRates.Apply(ones(200, 6, 3, 5), full(6, 0.5));
        Assert.True(output.eq(output[.., .., ..1, ..1]).all().item<bool>());
        Assert.InRange(output.eq(0).to(ScalarType.Float64).mean().item<double>(), 0.45, 0.55);
    }

    [Fact]
    public void Apply_ToInputsThatAreNotContiguousOrEmptyOrNotFinite_IsTheSame()
    {
        using var scope = NewDisposeScope();
        var (rates, input) = (linspace(0, 0.6, 50), randn(40, 50));
        input[3, 40] = float.NaN;

        manual_seed(13);
        var expected = GapRates.Apply(input, rates);
        manual_seed(13);

        Assert.True(GapRates.Apply(input.t().contiguous().t(), rates).allclose(expected, equal_nan: true, rtol: 0, atol: 0));
        Assert.True(expected[3, 40].isnan().item<bool>());
        Assert.Equal([0L, 50L], GapRates.Apply(empty(0, 50), rates).shape);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Share_OutOfRange_Throws(double share)
    {
        using var gap = zeros(3);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => GapRates.Of(gap, 0.5, share));
        Assert.StartsWith("GapShare must be in [0, 1), but got ", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new NSDropoutOptions { GapShare = share });
    }

    private static double[] Formula(double[] gaps, double p, double share, GapRanking ranking, bool keepLargest)
    {
        var count = gaps.Length;
        var ranks = gaps.Select(gap => gaps.Count(other => keepLargest ? other > gap : other < gap));
        var top = Math.Max(1, Math.Ceiling(p * count));
        return [.. ranks.Select(rank => ((1 - share) * p) + (share * Share(rank)))];

        double Share(int rank) => ranking switch
        {
            GapRanking.Step => rank >= count - top ? p * count / top : 0,
            _ when count == 1 => p,
            _ when p <= 0.5 => 2 * p * rank / (count - 1),
            _ => (2 * p) - 1 + (2 * (1 - p) * rank / (count - 1)),
        };
    }
}
