using FsCheck;
using FsCheck.Fluent;

namespace NsDropoutTorch.Data.Tests;

public sealed class PermutationTests
{
    [Fact]
    public void Of_AnyCount_HoldsEachNumberOnce() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 500).ToArbitrary(),
        ArbMap.Default.ArbFor<long>(),
        (count, seed) => Permutation.Of(count, seed, 0).Order().SequenceEqual(Enumerable.Range(0, count).Select(i => (long)i))));

    [Fact]
    public void Of_SameSeedAndStream_IsTheSameOrder() =>
        Assert.Equal(Permutation.Of(1000, 22, 5), Permutation.Of(1000, 22, 5));

    [Fact]
    public void Of_NextStream_IsAnotherOrder() =>
        Assert.NotEqual(Permutation.Of(1000, 22, 5), Permutation.Of(1000, 22, 6));

    [Fact]
    public void Of_NextSeed_IsAnotherOrder() =>
        Assert.NotEqual(Permutation.Of(1000, 22, 5), Permutation.Of(1000, 23, 5));

    [Fact]
    public void Of_ThreeItems_EveryOrderIsEquallyLikely()
    {
        const int draws = 60_000;
        var counts = Enumerable.Range(0, draws)
            .Select(stream => string.Join("", Permutation.Of(3, 1, stream)))
            .CountBy(order => order)
            .ToDictionary();

        Assert.Equal(6, counts.Count);
        // Five standard deviations of a binomial with probability 1/6.
        var tolerance = 5 * Math.Sqrt(draws * (1 / 6.0) * (5 / 6.0));
        Assert.All(counts.Values, count => Assert.InRange(count, (draws / 6.0) - tolerance, (draws / 6.0) + tolerance));
    }

    [Fact]
    public void Of_NegativeCount_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Permutation.Of(-1, 0, 0));
}
