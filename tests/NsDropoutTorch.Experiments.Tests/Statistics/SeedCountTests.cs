using NsDropoutTorch.Experiments.Statistics;

namespace NsDropoutTorch.Experiments.Tests.Statistics;

public sealed class SeedCountTests
{
    [Theory]
    [InlineData(1, 1, "n = 1 seed can never show p < 0.05: the smallest p-value that a sign-flip test can give is 1. It takes 6 seeds.")]
    [InlineData(3, 2, "n = 3 seeds can never show p < 0.05: the smallest p-value that a sign-flip test can give is 0.25. It takes 7 seeds.")]
    [InlineData(6, 3, "n = 6 seeds can never show p < 0.05 in 3 comparisons: the smallest p-value that a sign-flip test and Holm's correction can give is 0.0938. It takes 7 seeds.")]
    public void Caution_TooFewSeeds_SaysSo(int pairs, int comparisons, string expected) =>
        Assert.Equal(expected, SeedCount.Caution(pairs, comparisons));

    [Theory]
    [InlineData(6, 1)]
    [InlineData(10, 2)]
    public void Caution_EnoughSeeds_IsSilent(int pairs, int comparisons) => Assert.Null(SeedCount.Caution(pairs, comparisons));

    [Theory]
    [InlineData(1, "n = 1 seed can give no 95 % interval that holds: it takes 6 seeds.")]
    [InlineData(5, "n = 5 seeds can give no 95 % interval that holds: it takes 6 seeds.")]
    [InlineData(0, null)]
    [InlineData(6, null)]
    public void WithoutInterval_TooFewSeeds_SaysSo(int seeds, string? expected) => Assert.Equal(expected, SeedCount.WithoutInterval(seeds));
}
