using System.Globalization;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Statistics;
using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments;

/// <summary>The results of a comparison as a table in Markdown, a row for each method, for a page that is to hold them: what a method errs, against the first and against the first whose rate was chosen, and what it costs.</summary>
public static class MethodTable
{
    /// <summary>The table, one of the errors at each rate, and a line on how they were made; a pure function of the results.</summary>
    /// <param name="results">The results; with <see cref="ComparisonSettings.TuneBy"/> a layer that was run with several rates is one row.</param>
    public static string Of(ComparisonResults results)
    {
        var methods = (results.Settings.TuneBy is null ? results.Runs : TunedComparisons.RunsOf(results.Runs)).GroupBy(run => run.Layer, StringComparer.Ordinal).ToArray();
        var comparisons = results.TunedComparisons ?? results.Comparisons;
        string[] baselines = [.. comparisons.Select(comparison => comparison.Baseline).Distinct(StringComparer.Ordinal)];
        string[] header =
        [
            "method",
            "test error in %",
            .. baselines.SelectMany(baseline => new[] { $"less that of {baseline}: mean (median's interval)", "p" }),
            "rate",
            "time",
            .. results.Tuned is null ? Array.Empty<string>() : ["rate chosen by the test set: leaks"],
        ];
        var lines = methods.Select(method => (string[])
        [
            method.Key,
            Error(method),
            .. baselines.SelectMany(baseline => Difference(comparisons.FirstOrDefault(comparison => comparison.Layer == method.Key && comparison.Baseline == baseline))),
            Rate(method, results.Tuned?.FirstOrDefault(layer => layer.Layer == method.Key)),
            Time(method.Key, results),
            .. results.Tuned is null ? Array.Empty<string>() : [results.Tuned.FirstOrDefault(layer => layer.Layer == method.Key) is { } tuned ? Spread(tuned.OracleTestError) : FigureText.Absent],
        ]);
        return string.Join('\n', [Row(header), Row([.. header.Select(_ => "---")]), .. lines.Select(Row), "", .. RatesTable(results), Origin(results), ""]);
    }

    private static string Row(string[] cells) => $"| {string.Join(" | ", cells)} |";

    // What one rate is worth that nobody chose by seed.
    private static string[] RatesTable(ComparisonResults results)
    {
        var families = RatesOf.Families(results.Runs.Where(run => run.Diverged is null));
        if (families.Count == 0)
        {
            return [];
        }

        double[] rates = [.. families.SelectMany(family => family.Runs).Select(run => run.P).Distinct().Order()];
        return
        [
            Row(["one rate for all seeds", .. rates.Select(rate => Invariant($"p = {rate}"))]),
            Row([.. rates.Select(_ => "---").Prepend("---")]),
            .. families.Select(family => Row([family.Layer, .. rates.Select(rate => AtRate(family.Runs.Where(run => run.P == rate), results.Comparisons))])),
            "",
            Invariant($"The same rate for all seeds: test error in %, and that less the error of {results.Runs[0].Layer} with the median's interval; * where p < {SeedCount.Level} after Holm's correction over all {results.Comparisons.Count} layers and rates.")
                + (results.Comparisons.Count > 0 && SeedCount.Caution(results.Comparisons.Max(comparison => comparison.Pairs), results.Comparisons.Count) is { } caution ? $" {caution}" : ""),
            "",
        ];
    }

    private static string AtRate(IEnumerable<RunResult> runs, IReadOnlyList<PairedComparison> comparisons)
    {
        RunResult[] scored = [.. runs];
        var comparison = comparisons.FirstOrDefault(comparison => comparison.Layer == scored.FirstOrDefault()?.Layer);
        return scored.Length == 0 ? FigureText.Absent
            : $"{FigureText.Number(scored.Average(run => run.TestError) * 100, "F2")}{(comparison is null ? "" : $", {FigureText.Points(comparison.MeanDifference)}{(comparison.PHolm < SeedCount.Level ? "*" : "")}{Range(comparison)}")}";
    }

    private static string Error(IEnumerable<RunResult> method)
    {
        RunResult[] scored = [.. method.Where(run => run.Diverged is null)];
        var diverged = method.Count() - scored.Length;
        return $"{(LayerSummary.Summarize(scored, run => run.TestError) is { } error ? Spread(error) : Divergence.Word)}{(diverged > 0 && scored.Length > 0 ? Invariant($", {diverged} diverged") : "")}";
    }

    private static string Spread(SampleSummary error) =>
        $"{FigureText.Number(error.Mean * 100, "F2")}{(error.StandardDeviation is { } deviation ? $" ± {FigureText.Number(deviation * 100, "F2")}" : "")}";

    private static string[] Difference(PairedComparison? comparison) => comparison is null
        ? ["", ""]
        :
        [
            $"{FigureText.Points(comparison.MeanDifference)}{Range(comparison)}",
            FigureText.P(comparison.PHolm),
        ];

    private static string Range(PairedComparison comparison) =>
        comparison.MedianInterval is { } interval ? $" ({FigureText.Points(interval.Low)} to {FigureText.Points(interval.High)})" : "";

    private static string Rate(IGrouping<string, RunResult> method, TunedLayer? tuned)
    {
        if (tuned is not null)
        {
            return string.Join(", ", tuned.Choices.GroupBy(choice => choice.P).OrderBy(rate => rate.Key).Select(rate => Invariant($"{rate.Key} × {rate.Count()}")));
        }

        RunResult[] scored = [.. method.Where(run => run.Diverged is null)];
        return LayerSummary.Summarize(scored, run => run.FoundP) is { } found
            ? $"found: {FigureText.Number(found.Mean, "F2")}{(found.StandardDeviation is { } deviation ? $" ± {FigureText.Number(deviation, "F2")}" : "")}"
            : method.First().P is > 0 and var p ? p.ToString(CultureInfo.InvariantCulture) : FigureText.Absent;
    }

    // Of all runs, as those with rates that were not chosen take their time too.
    private static string Time(string method, ComparisonResults results)
    {
        var runs = results.Runs.Where(run => run.Layer == method || (results.Tuned is not null && RatesOf.WithoutRate(run.Layer) == method)).ToArray();
        var one = runs.Average(run => run.TrainSeconds) / results.Runs.Where(run => run.Layer == results.Runs[0].Layer).Average(run => run.TrainSeconds);
        var rates = runs.Select(run => run.Layer).Distinct(StringComparer.Ordinal).Count();
        return $"{FigureText.Number(one, "F1")}{(rates > 1 ? Invariant($" × {rates} runs") : "")}";
    }

    private static string Origin(ComparisonResults results)
    {
        var (settings, environment) = (results.Settings, results.Environment);
        var tested = results.Runs.FirstOrDefault(run => run.Diverged is null)?.Confusion.Sum(row => row.Sum());
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{settings.Dataset}, {settings.TrainSamples ?? environment.Data.TrainCount:#,0} training samples divided by {settings.Protocol.Name}, {tested:#,0} test samples; {settings.Model.Name} of {string.Join(", ", settings.Hidden)}; ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{FigureText.Seeds(settings.Seeds)} from {settings.Seeds.Min()} to {settings.Seeds.Max()}; {results.Runs.Count} runs, {results.Runs.Sum(run => run.TrainSeconds) / 3600:F2} hours of training with {FigureText.Count(environment.Threads, "thread")}; ")
            + $"NsDropoutTorch {environment.Project.Split('+')[0]}, {environment.TorchSharp}, libtorch {environment.Libtorch}, {environment.Processor ?? environment.Architecture}, {environment.Started.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.";
    }
}
