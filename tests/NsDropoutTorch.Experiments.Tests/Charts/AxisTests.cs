using NsDropoutTorch.Experiments.Charts;

namespace NsDropoutTorch.Experiments.Tests.Charts;

public sealed class AxisTests
{
    [Fact]
    public void LogAxis_Values_SpansWholeDecades()
    {
        var axis = LogAxis.Over([0.0005, 0.03, 0.9, 0, double.NaN]);

        Assert.Equal([0.0001, 0.001, 0.01, 0.1, 1], axis.Ticks, (x, y) => Math.Abs(x - y) < 1e-12);
        Assert.Equal(0.75, axis.Position(0.1), 12);
        Assert.Equal(0, axis.Position(0));
        Assert.Equal(1, axis.Position(7));
    }

    [Fact]
    public void LogAxis_OneValueOrNone_HasADecade()
    {
        Assert.Equal(2, LogAxis.Over([0.1]).Ticks.Count());
        Assert.Equal(2, LogAxis.Over([]).Ticks.Count());
    }

    [Theory]
    [InlineData(0.9, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1.0 })]
    [InlineData(0.05, new[] { 0, 0.01, 0.02, 0.03, 0.04, 0.05 })]
    [InlineData(179, new[] { 0, 50, 100, 150, 200.0 })]
    [InlineData(0, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1.0 })]
    public void LinearAxis_Largest_HasRoundTicks(double largest, double[] expected) =>
        Assert.Equal(expected, LinearAxis.UpTo(largest).Ticks, (x, y) => Math.Abs(x - y) < 1e-12);
}
