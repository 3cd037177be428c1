using NsDropoutTorch.Experiments.Report;

namespace NsDropoutTorch.Experiments.Tests.Report;

public sealed class ErrorCurvePageTests
{
    [Fact]
    public void Render_TwoRuns_DrawsAChartEachOnOneAxis()
    {
        var page = ErrorCurvePage.Render("<digits>", [new("plain", [0.5, 0.1], [0.4, 0.2]), new("dropout", [0.5, 0.2, 0.1], [0.4, double.NaN, 0.01])]);

        Assert.Contains("<title>&lt;digits&gt;</title>", page, StringComparison.Ordinal);
        Assert.Equal(2, Count(page, "<figure>"));
        Assert.Contains("training: 50.00&#160;% at the first epoch, lowest 10.00&#160;%, 10.00&#160;% at the last. test: 40.00", page, StringComparison.Ordinal);
        // Two decades from 1 % to 100 %; the first epoch on the left, the last of the longest run on the right.
        Assert.Contains("class=\"line selection\" d=\"M52 47L201 76.5\"", page.Replace("47.0", "47", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("L350 204\"", page, StringComparison.Ordinal);
        Assert.Equal(2, Count(page, ">1&#160;%</text>"));
    }

    [Fact]
    public void Render_NothingMeasured_IsAPageAllTheSame() =>
        Assert.Contains("not measured", ErrorCurvePage.Render("nothing", [new("none", [], [])]), StringComparison.Ordinal);

    private static int Count(string page, string text) => page.Split(text).Length - 1;
}
