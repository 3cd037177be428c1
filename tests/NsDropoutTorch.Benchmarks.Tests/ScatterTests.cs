namespace NsDropoutTorch.Benchmarks.Tests;

public sealed class ScatterTests
{
    [Theory]
    [InlineData(new double[] { 5, 5, 5, 5 }, 0)]
    [InlineData(new double[] { 5, 6, 9, 9 }, 0.2)]
    [InlineData(new double[] { 9, 5, 6, 9 }, 0.2)]
    [InlineData(new double[] { 5, 90, 70, 5 }, 0)]
    [InlineData(new double[] { 5 }, 0)]
    public void Of_Rounds_ComparesTheFastestOfBothHalves(double[] rounds, double expected) => Assert.Equal(expected, Scatter.Of(rounds), 12);
}
