using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments.Tests.Charts;

public sealed class HtmlTests
{
    [Fact]
    public void Of_TextInAHole_IsEscaped() =>
        Assert.Equal("<p title=\"&quot;&#39;&lt;&amp;\">&lt;b&gt;</p>", $"{Html.Of($"<p title=\"{"\"'<&"}\">{"<b>"}</p>")}");

    [Fact]
    public void Of_HtmlInAHole_StaysAsItIs() =>
        Assert.Equal("<p><b>x</b><b>y</b></p>", $"{Html.Of($"<p>{new[] { "x", "y" }.Select(text => Html.Of($"<b>{text}</b>"))}</p>")}");

    [Fact]
    public void Of_Numbers_AreInvariant() => Assert.Equal("1.5 1,234", $"{Html.Of($"{1.54:0.#} {1234:#,##0}")}");

    [Theory]
    [InlineData(0.0502, "5.02 %")]
    [InlineData(1, "100.00 %")]
    [InlineData(double.NaN, "–")]
    public void Percent_Fraction_HasTwoDecimals(double fraction, string expected) => Assert.Equal(expected, FigureText.Percent(fraction).Replace('\u00A0', ' '));

    [Theory]
    [InlineData(0.0084, "+0.84")]
    [InlineData(-0.0084, "−0.84")]
    [InlineData(-0.00001, "0.00")]
    [InlineData(0, "0.00")]
    public void Points_Difference_HasASignUnlessItIsZero(double difference, string expected) => Assert.Equal(expected, FigureText.Points(difference));

    [Theory]
    [InlineData("", "none")]
    [InlineData("a", "a")]
    [InlineData("a b", "a and b")]
    [InlineData("a b c", "a, b and c")]
    public void List_Items_ReadsAsASentence(string items, string expected) =>
        Assert.Equal(expected, FigureText.List(items.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
