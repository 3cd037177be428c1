using NsDropoutTorch.Experiments.Layers;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class LayerGridTests
{
    [Theory]
    [InlineData("dropout:p=0.1..0.7/0.1", "dropout:p=0.1", "dropout:p=0.2", "dropout:p=0.3", "dropout:p=0.4", "dropout:p=0.5", "dropout:p=0.6", "dropout:p=0.7")]
    [InlineData("dropout:p=0..0.5/0.2", "dropout:p=0", "dropout:p=0.2", "dropout:p=0.4")]
    [InlineData("none", "none")]
    [InlineData("nsdropout:p=0.2..0.4/0.2:warmup=0..5/5", "nsdropout:p=0.2:warmup=0", "nsdropout:p=0.2:warmup=5", "nsdropout:p=0.4:warmup=0", "nsdropout:p=0.4:warmup=5")]
    public void Parse_Ranges_GivesEveryCombination(string text, params string[] expected) => Assert.Equal(expected, LayerGrid.Parse(text).Select(layer => layer.ToString()));

    [Theory]
    [InlineData("dropout:p=0.1..0.7")]
    [InlineData("dropout:p=0.7..0.1/0.1")]
    [InlineData("dropout:p=0.1..0.7/0")]
    [InlineData("dropout:p=a..0.7/0.1")]
    [InlineData("dropout:p=0..0.9/0.0001")]
    public void Parse_NoRange_IsRefused(string text) => Assert.Equal(
        $"a range of a grid must be FIRST..LAST/STEP with a step above 0 and at most 1000 values, such as p=0.1..0.7/0.1, but got '{text["dropout:".Length..]}'.",
        Assert.Throws<ArgumentException>(() => LayerGrid.Parse(text)).Message);

    [Fact]
    public void Parse_TooMany_IsRefused() => Assert.Equal(
        "a grid must have at most 1000 layers, but 'nsdropout:p=0..0.9/0.01:warmup=0..99/1' has more.",
        Assert.Throws<ArgumentException>(() => LayerGrid.Parse("nsdropout:p=0..0.9/0.01:warmup=0..99/1")).Message);

    [Fact]
    public void Parse_ValueOutOfRange_IsRefusedByTheLayer() => Assert.Equal("p of dropout must be a number in [0, 1), but got '1.0'.", Assert.Throws<ArgumentException>(() => LayerGrid.Parse("dropout:p=0.5..1.0/0.5")).Message);
}
