namespace NsDropoutTorch.Data.Tests;

public class ScalingTests
{
    [Fact]
    public void ChannelStatistics_TwoChannels_AreThoseOfEach()
    {
        var images = new ImageSet(2, 1, 2, [0, 100, 7, 7, 200, 100, 7, 7], [0, 1], maxValue: 200);

        var statistics = ChannelStatistics.Of(images);

        Assert.Equal(0.5, statistics[0].Mean, 1e-15);
        Assert.Equal(Math.Sqrt(5000) / 200, statistics[0].Deviation, 1e-15);
        Assert.Equal(new ChannelStatistics(7 / 200.0, 0), statistics[1]);
    }

    [Fact]
    public void PixelScaling_FitToAConstantChannel_DividesByOne() =>
        Assert.Equal([1.0], PixelScaling.FitTo(new ImageSet(1, 1, 1, [9, 9], [0, 0])).Deviations);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void PixelScaling_DeviationNotAboveZero_Throws(double deviation)
    {
        var error = Assert.Throws<ArgumentException>(() => PixelScaling.Standardized([0.5], [deviation]));
        Assert.StartsWith($"deviations must be above 0, but got {deviation}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PixelScaling_CountsThatDiffer_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() => PixelScaling.Standardized([0.5, 0.5], [1]));
        Assert.StartsWith("Standardising needs one deviation for each mean, but got 2 means and 1 deviations.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FeatureScaling_FitToAndApply_GivesMeanZeroAndDeviationOne()
    {
        var rows = new TabularSet(2, [1, 5, 3, 5, 8, 5], [0, 1, 0]);

        var scaled = FeatureScaling.FitTo(rows).Apply(rows);

        var (mean, deviation) = (4.0, Math.Sqrt(26 / 3.0));
        Assert.Equal([(float)((1 - mean) / deviation), 0, (float)((3 - mean) / deviation), 0, (float)((8 - mean) / deviation), 0], scaled.Values);
        Assert.Equal(rows.Labels, scaled.Labels);
    }

    [Fact]
    public void FeatureScaling_OtherFeatureCount_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() => FeatureScaling.FitTo(new TabularSet(1, [1], [0])).Apply(new TabularSet(2, [1, 2], [0])));
        Assert.StartsWith("rows must have 1 features, but got 2.", error.Message, StringComparison.Ordinal);
    }
}
