using System.Text.Json.Nodes;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Experiments.Report;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class TunedComparisonsTests
{
    private const int Seeds = 8;

    // The selection part takes p = 0.4 with even seeds and 0.1 with odd ones; the test set would always take 0.1.
    private static readonly RunResult[] Runs =
    [
        .. Of(seed => Run("none", 0, seed, selection: 0.5, test: 0.30)),
        .. Of(seed => Run("gap-matched", 0, seed, selection: 0.5, test: 0.29 + (0.001 * seed), found: 0.02 * seed)),
        .. Of(seed => Run("dropout:p=0.1", 0.1, seed, selection: seed % 2 == 0 ? 0.4 : 0.2, test: 0.20 + (0.001 * seed))),
        .. Of(seed => Run("dropout:p=0.4", 0.4, seed, selection: 0.3, test: 0.25 + (0.001 * seed))),
        .. Of(seed => Run("gaussian:p=0.1", 0.1, seed, selection: 0.1, test: 0.21)),
        .. Of(seed => Run("gaussian:p=0.4", 0.4, seed, selection: 0.2, test: 0.10)),
    ];

    [Fact]
    public void RunsOf_SeveralRates_TakesTheChosenRunUnderTheNameWithoutARate()
    {
        var methods = TunedComparisons.RunsOf(Runs);

        Assert.Equal(["none", "gap-matched", "dropout", "gaussian"], methods.Select(run => run.Layer).Distinct());
        Assert.All(methods.GroupBy(run => run.Layer), method => Assert.Equal(Enumerable.Range(1, Seeds).Select(seed => (long)seed), method.Select(run => run.Seed)));
        Assert.Equal([0.1, 0.4, 0.1, 0.4, 0.1, 0.4, 0.1, 0.4], methods.Where(run => run.Layer == "dropout").Select(run => run.P));
        Assert.All(methods.Where(run => run.Layer == "gaussian"), run => Assert.Equal(0.21, run.TestError));
    }

    [Fact]
    public void Of_SeveralMethods_ComparesWithTheFirstAndWithTheFirstTuned()
    {
        var comparisons = TunedComparisons.Of(Runs);

        Assert.Equal(
            [("gap-matched", "none"), ("dropout", "none"), ("gaussian", "none"), ("gap-matched", "dropout"), ("gaussian", "dropout")],
            comparisons.Select(comparison => (comparison.Layer, comparison.Baseline)));
        // Odd seeds 1, 3, 5, 7 err 0.20 and even ones 2, 4, 6, 8 0.25, and a thousandth of the seed more: 0.2295 on average.
        Assert.Equal([-0.0055, -0.0705, -0.09, 0.065, -0.0195], comparisons.Select(comparison => Math.Round(comparison.MeanDifference, 9)));
        // All eight signs of dropout and gaussian are the same: p = 2/256. Holm's correction multiplies by 3 against none, and by no more than 2 against dropout.
        Assert.Equal((2.0 / 256, 6.0 / 256), (comparisons[1].P, comparisons[1].PHolm));
        Assert.Equal((2.0 / 256, 4.0 / 256), (comparisons[3].P, comparisons[3].PHolm));
    }

    [Fact]
    public void Of_FirstLayerIsTheOneTuned_ComparesWithItOnce() => Assert.Equal(
        [("gaussian", "dropout"), ("none", "dropout")],
        TunedComparisons.Of([.. Runs[(2 * Seeds)..], .. Runs[..Seeds]]).Select(comparison => (comparison.Layer, comparison.Baseline)));

    [Fact]
    public void Of_NothingTuned_IsEachLayerAgainstTheFirst() => Assert.Equal(PairedComparison.Of(Runs[..(3 * Seeds)]), TunedComparisons.Of(Runs[..(3 * Seeds)]));

    [Fact]
    public void Results_Tuned_HaveComparisonsInDocumentTableAndReport()
    {
        var results = Results();
        var document = ResultsJson.Format(results);
        var page = HtmlReport.Render(results);

        Assert.Equal(results.TunedComparisons, ResultsJson.Parse(document).TunedComparisons);
        Assert.Equal(page, HtmlReport.Render(ResultsJson.Parse(document)));
        Assert.Equal("dropout", (string)JsonNode.Parse(document)!["tunedComparisons"]![4]!["baseline"]!);
        Assert.Equal(0.04, (double)JsonNode.Parse(document)!["runs"]![Seeds + 1]!["foundP"]!, 12);
        Assert.Contains("• gaussian against dropout, n = 8 seeds: mean −1.95 percentage points", results.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("• dropout:p=0.1 against none", results.ToString(), StringComparison.Ordinal);
        Assert.Contains("• All 6 layers read no label, so none can leak.", results.ToString(), StringComparison.Ordinal);
        Assert.Contains("<h2>Against none, rates chosen on the selection part</h2>", page, StringComparison.Ordinal);
        Assert.Contains("The error of gaussian is 1.95 percentage points lower than that of dropout", page, StringComparison.Ordinal);
        Assert.Null((results with { Settings = results.Settings with { TuneBy = null } }).Computed().TunedComparisons);
    }

    [Fact]
    public void MethodTable_Tuned_HasARowForEachMethod() => Assert.Equal(
        """
        | method | test error in % | less that of none: mean (median's interval) | p | less that of dropout: mean (median's interval) | p | rate | time | rate chosen by the test set: leaks |
        | --- | --- | --- | --- | --- | --- | --- | --- | --- |
        | none | 30.00 ± 0.00 |  |  |  |  | – | 1.0 | – |
        | gap-matched | 29.45 ± 0.24 | −0.55 (−0.90 to −0.20) | 0.0234 | +6.50 (+4.00 to +9.00) | 0.0156 | found: 0.09 ± 0.05 | 1.0 | – |
        | dropout | 22.95 ± 2.74 | −7.05 (−9.90 to −4.20) | 0.0234 |  |  | 0.1 × 4, 0.4 × 4 | 1.0 × 2 runs | 20.45 ± 0.24 |
        | gaussian | 21.00 ± 0.00 | −9.00 (−9.00 to −9.00) | 0.0234 | −1.95 (−4.80 to +0.90) | 0.125 | 0.1 × 8 | 1.0 × 2 runs | 10.00 ± 0.00 |

        | one rate for all seeds | p = 0.1 | p = 0.4 |
        | --- | --- | --- |
        | dropout | 20.45, −9.55* (−9.90 to −9.20) | 25.45, −4.55* (−4.90 to −4.20) |
        | gaussian | 21.00, −9.00* (−9.00 to −9.00) | 10.00, −20.00* (−20.00 to −20.00) |

        The same rate for all seeds: test error in %, and that less the error of none with the median's interval; * where p < 0.05 after Holm's correction over all 5 layers and rates.

        mnist, 1,000 training samples divided by holdout, 4 test samples; mlp of 128, 128, 128; 8 seeds from 1 to 8; 48 runs, 0.02 hours of training with 2 threads; NsDropoutTorch 0.1.0, TorchSharp 0.105.1, libtorch 2.5.1.0, Some processor, 2025-01-02.

        """,
        MethodTable.Of(Results()));

    [Fact]
    public void MethodTable_RunsThatDiverged_AreCountedAndLeftOut()
    {
        var runs = Runs.Select(run => run.Layer == "gap-matched" || (run.Layer == "none" && run.Seed == 1) ? run.WithoutResult(new(run.Seed, 0, "weights")) : run);

        var table = MethodTable.Of(Results([.. runs]));

        Assert.Contains("| none | 30.00 ± 0.00, 1 diverged |", table, StringComparison.Ordinal);
        Assert.Contains("| gap-matched | diverged |", table, StringComparison.Ordinal);
    }

    [Fact]
    public void MethodTable_TooFewSeedsForAnyStar_SaysSo()
    {
        RunResult[] runs = [.. Runs.Where(run => run.Seed <= 6)];

        Assert.Contains("over all 5 layers and rates. n = 6 seeds can never show p < 0.05 in 5 comparisons:", MethodTable.Of(Results(runs)), StringComparison.Ordinal);
        Assert.DoesNotContain("*", MethodTable.Of(Results(runs)).Replace("; * where", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static ComparisonResults Results(RunResult[]? runs = null)
    {
        var sample = Samples.Results(runs ?? Runs);
        return ComparisonResults.Of(sample.Environment, sample.Settings with { Protocol = Protocol.Holdout, TrainSamples = 1000, TuneBy = "selection" }, runs ?? Runs);
    }

    private static IEnumerable<RunResult> Of(Func<long, RunResult> run) => Enumerable.Range(1, Seeds).Select(seed => run(seed));

    private static RunResult Run(string layer, double p, long seed, double selection, double test, double? found = null) =>
        new(layer, p, seed, 1, 0, test, null, null, 1.5, 1, [new(0, 1, 1, 1, selection, null, 0.1) { LearnedRates = found is { } rate ? new NamedValues([new("layer1", rate)]) : null }], [[1, 1], [1, 1]]);
}
