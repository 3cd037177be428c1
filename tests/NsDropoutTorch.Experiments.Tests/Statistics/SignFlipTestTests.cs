using NsDropoutTorch.Experiments.Statistics;

namespace NsDropoutTorch.Experiments.Tests.Statistics;

public sealed class SignFlipTestTests
{
    // SciPy 1.10.1: scipy.stats.permutation_test((d,), np.mean, permutation_type='samples', n_resamples=np.inf, alternative='two-sided').pvalue
    [Theory]
    [InlineData(0.125, -12, -7, 3, -40, -9)]
    [InlineData(0.015625, -5, 3, -18, -1, -30, 2, -11, -64, -7, -22)]
    [InlineData(0.25, 1, 1, 1)]
    [InlineData(0.6875, 1, -1, 2, -2, 3)]
    [InlineData(0.15087890625, -3, -1, -4, -1, -5, -9, -2, -6, -5, -3, 5, 8)]
    [InlineData(0.5, 0, 0, 5, -2, 7, 0)]
    public void P_Differences_AgreesWithSciPy(double expected, params int[] differences) =>
        Assert.Equal(expected, SignFlipTest.P([.. differences.Select(difference => (double)difference)])!.Value, 1e-12);

    [Fact]
    public void P_SumsThatDifferByRounding_CountsThemAsEqual() =>
        Assert.Equal(SignFlipTest.P([1, 2, 3, -3, 1]), SignFlipTest.P([0.1, 0.2, 0.3, -0.3, 0.1]));

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(20)]
    public void P_AllOfOneSign_IsTheSmallestThereIs(int pairs) =>
        Assert.Equal(SignFlipTest.SmallestP(pairs), SignFlipTest.P([.. Enumerable.Repeat(-0.01, pairs)]));

    [Fact]
    public void P_MorePairsThanCanBeCounted_LiesNearTheNormalApproximation()
    {
        var differences = Enumerable.Range(0, 30).Select(i => (i % 3) - 0.8).ToArray();

        var p = SignFlipTest.P(differences)!.Value;

        // z = Σd / √Σd² = 6 / √21.2 = 1.30: two-sided p = 0.19, and the sums are 0.4 apart.
        Assert.InRange(p, 0.17, 0.23);
        Assert.Equal(p, SignFlipTest.P(differences));
    }

    [Fact]
    public void P_NoDifferences_IsNull() => Assert.Null(SignFlipTest.P([]));

    [Fact]
    public void P_NaN_SaysTheRule() => Assert.Equal(
        "values of a statistic must be finite, but got NaN; leave out what diverged or was not measured.",
        Assert.Throws<ArgumentException>(() => SignFlipTest.P([0.1, double.NaN])).Message);
}
