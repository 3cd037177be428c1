using NsDropoutTorch.Experiments.Statistics;

namespace NsDropoutTorch.Experiments.Tests.Statistics;

public sealed class HolmCorrectionTests
{
    // statsmodels 0.13.5: statsmodels.stats.multitest.multipletests(p, method='holm')[1]; SciPy has no Holm.
    [Theory]
    [InlineData(new[] { 0.01, 0.04, 0.03, 0.005 }, new[] { 0.03, 0.06, 0.06, 0.02 })]
    [InlineData(new[] { 0.0078125, 0.5, 0.0234375 }, new[] { 0.0234375, 0.5, 0.046875 })]
    [InlineData(new[] { 0.9, 0.6 }, new[] { 1.0, 1.0 })]
    [InlineData(new[] { 0.02, 0.02, 0.02 }, new[] { 0.06, 0.06, 0.06 })]
    [InlineData(new[] { 0.2 }, new[] { 0.2 })]
    public void Adjust_PValues_AgreesWithStatsmodels(double[] pValues, double[] expected) =>
        Assert.Equal(expected, HolmCorrection.Adjust(pValues), (x, y) => Math.Abs(x - y) < 1e-12);

    [Fact]
    public void Adjust_None_IsEmpty() => Assert.Empty(HolmCorrection.Adjust([]));

    [Fact]
    public void Adjust_NaN_SaysTheRule() => Assert.Equal(
        "values of a statistic must be finite, but got NaN; leave out what diverged or was not measured.",
        Assert.Throws<ArgumentException>(() => HolmCorrection.Adjust([0.1, double.NaN])).Message);
}
