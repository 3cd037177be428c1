using NsDropoutTorch.Cli.Commands;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Workers;

namespace NsDropoutTorch.Cli.Tests;

public sealed class OptionReaderTests
{
    [Theory]
    [InlineData("22", new long[] { 22 })]
    [InlineData("22,23", new long[] { 22, 23 })]
    [InlineData("22..25", new long[] { 22, 23, 24, 25 })]
    [InlineData("7..7", new long[] { 7 })]
    [InlineData("0, 5..6", new long[] { 0, 5, 6 })]
    [InlineData("9223372036854775806..9223372036854775807", new long[] { long.MaxValue - 1, long.MaxValue })]
    public void Seeds_ListsAndRanges_AreSpeltOut(string text, long[] expected) => Assert.Equal(expected, OptionReader.Seeds("--seeds", text));

    [Theory]
    [InlineData("3..1", "3..1")]
    [InlineData("1..2..3", "1..2..3")]
    [InlineData("x", "x")]
    [InlineData("-1", "-1")]
    [InlineData("1..", "1..")]
    [InlineData("1,2.5", "2.5")]
    [InlineData("0..10000", "0..10000")]
    public void Seeds_Broken_SaysTheRuleAndTheItem(string text, string item) => AssertBroken(
        $"--seeds must be whole numbers of at least 0 or ranges of at most 10000 such as 22..31, separated by commas, but got '{item}'.",
        () => OptionReader.Seeds("--seeds", text));

    [Theory]
    [InlineData("1,,2")]
    [InlineData("")]
    [InlineData("a,")]
    public void Layers_EmptyItem_SaysTheRule(string text) => AssertBroken(
        $"--layers must be a list separated by single commas, but got '{text}'.", () => OptionReader.Layers("--layers", text));

    [Fact]
    public void BatchSize_NumberOrFull_IsRead()
    {
        Assert.Equal(128, OptionReader.AtLeastOr(1, "full")("--batch-size", "128"));
        Assert.Null(OptionReader.AtLeastOr(1, "full")("--batch-size", "full"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("1.5")]
    [InlineData("FULL")]
    public void BatchSize_Broken_SaysTheRule(string text) => AssertBroken(
        $"--batch-size must be a whole number of at least 1 or 'full', but got '{text}'.", () => OptionReader.AtLeastOr(1, "full")("--batch-size", text));

    [Fact]
    public void Widths_Broken_SaysTheRule() => AssertBroken(
        "each width of --hidden must be a whole number of at least 1, but got '0'.", () => OptionReader.Widths("--hidden", "128,0"));

    [Theory]
    [InlineData("1", new[] { 1 })]
    [InlineData("3, 2", new[] { 3, 2 })]
    [InlineData("all", null)]
    public void HiddenLayers_NumbersOrAll_AreRead(string text, int[]? expected) => Assert.Equal(expected, OptionReader.HiddenLayers("--after", text));

    [Fact]
    public void Number_Broken_SaysTheRule() =>
        AssertBroken("--p must be a number, but got '0,2'.", () => OptionReader.Number("--p", "0,2"));

    private static void AssertBroken(string sentence, Func<object?> parse) =>
        Assert.Equal(sentence, Assert.Throws<UsageException>(() => parse()).Message);
}
