using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Experiments.Report;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class TunedLayerTests
{
    // By seed: the rate with the lowest selection error is not the one with the lowest test error.
    private static readonly RunResult[] Runs =
    [
        Run("none", 0, 1, 0.01, 0.01), Run("none", 0, 2, 0.01, 0.01),
        Run("dropout:p=0.1", 0.1, 1, selection: 0.20, test: 0.30), Run("dropout:p=0.1", 0.1, 2, selection: 0.50, test: 0.10),
        Run("dropout:p=0.2", 0.2, 1, selection: 0.10, test: 0.40), Run("dropout:p=0.2", 0.2, 2, selection: 0.30, test: 0.20),
        Run("dropout:p=0.3", 0.3, 1, selection: 0.10, test: 0.25), Run("dropout:p=0.3", 0.3, 2, selection: 0.40, test: 0.50),
    ];

    [Fact]
    public void Of_ThreeRates_ChoosesOnTheSelectionPartAndTellsTheOracleApart()
    {
        var tuned = Assert.Single(TunedLayer.Of(Runs));

        Assert.Equal("dropout", tuned.Layer);
        Assert.Equal([new(1, 0.2, 0.10, 0.40, 0.3, 0.25), new(2, 0.2, 0.30, 0.20, 0.1, 0.10)], tuned.Choices);
        Assert.Equal((0.30, 0.175), (tuned.TestError.Mean, tuned.OracleTestError.Mean), new Near());
        Assert.StartsWith("dropout with the rate that the selection part chooses for each seed (p = 0.2 for 2): test error 30.00 % ± 14.14. ", tuned.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("it would be 17.50 % ± 10.61; that figure leaks and is no result.", tuned.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_TestErrorsOfOtherRatesChange_ChoosesTheSame()
    {
        var others = Runs.Select(run => run.P == 0.2 ? run : run with { TestError = 0.9 - run.TestError });

        Assert.Equal(TunedLayer.Of(Runs)[0].TestError, TunedLayer.Of(others)[0].TestError);
        Assert.NotEqual(TunedLayer.Of(Runs)[0].OracleTestError, TunedLayer.Of(others)[0].OracleTestError);
    }

    [Fact]
    public void Of_RateThatDiverged_IsNotChosen()
    {
        var runs = Runs.Select(run => run.P == 0.2 ? run.WithoutResult(new(run.Seed, 0, "weights")) : run);

        Assert.Equal([0.3, 0.3], TunedLayer.Of(runs)[0].Choices.Select(choice => choice.P));
    }

    [Fact]
    public void Report_SeveralRates_ShowsErrorAgainstRateAndMarksTheOracle()
    {
        var sample = Samples.Results(Runs);
        var results = ComparisonResults.Of(sample.Environment, sample.Settings with { Protocol = Protocol.Holdout, TuneBy = "selection" }, Runs);

        var page = HtmlReport.Render(results);
        var again = HtmlReport.Render(ResultsJson.Parse(ResultsJson.Format(results)));

        Assert.Equal(page, again);
        Assert.Contains("Test error without labels against the drop rate: dropout", page, StringComparison.Ordinal);
        Assert.Contains("p = 0.1: median 20.00&#160;%", page, StringComparison.Ordinal);
        Assert.Contains("chosen on the test set <small>leaks</small>", page, StringComparison.Ordinal);
        Assert.Contains("<td>17.50&#160;%</td>", page, StringComparison.Ordinal);
        Assert.Contains("• dropout with the rate that the selection part chooses", results.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Error against rate", HtmlReport.Render(Samples.Results(Runs[..6])), StringComparison.Ordinal);
    }

    [Fact]
    public void CheckPlaces_TunedWithoutASelectionPart_IsRefused() => Assert.Equal(
        "a rate must be tuned on a part that is held out and scored without labels, but the reference protocol has none; holdout has.",
        Assert.Throws<ArgumentException>(() => new ComparisonSettings { Dataset = "x", TuneBy = "selection" }.CheckPlaces()).Message);

    private static RunResult Run(string layer, double p, long seed, double selection, double test) =>
        new(layer, p, seed, 1, 0, test, null, null, 1, 1, [new(0, 1, 1, 1, selection, null, 0.1)], [[1, 1], [1, 1]]);

    private sealed class Near : IEqualityComparer<(double, double)>
    {
        public bool Equals((double, double) x, (double, double) y) => Math.Abs(x.Item1 - y.Item1) < 1e-12 && Math.Abs(x.Item2 - y.Item2) < 1e-12;

        public int GetHashCode((double, double) pair) => 0;
    }
}
