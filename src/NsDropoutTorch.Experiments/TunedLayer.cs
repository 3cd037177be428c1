using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Statistics;

namespace NsDropoutTorch.Experiments;

/// <summary>
/// A layer that was run with several rates, as somebody meets it who has to choose one: an entry of <c>tuned</c> in <c>results.json</c>. The rate is chosen for each seed on the
/// selection part, and the network with that rate is scored on the test set. Beside it stands what the best rate would have scored that the test set itself picks.
/// </summary>
/// <param name="Layer">The layer without its rate.</param>
/// <param name="Choices">What was chosen, a seed each.</param>
/// <param name="TestError">Label-free test error of the rates chosen on the selection part.</param>
/// <param name="OracleTestError">The lowest label-free test error of any rate, a seed each: chosen with the test set, so it is too good.</param>
public sealed record TunedLayer(string Layer, IReadOnlyList<RateChoice> Choices, SampleSummary TestError, SampleSummary OracleTestError)
{
    /// <summary>Every layer of which several rates have a result with a selection error; what diverged is never chosen.</summary>
    /// <param name="runs">All runs of a comparison.</param>
    public static IReadOnlyList<TunedLayer> Of(IEnumerable<RunResult> runs) =>
    [
        .. RatesOf.Families(runs).Select(family => (family.Layer, Choices: ChoicesOf(family.Runs))).Where(family => family.Choices.Length > 0)
            .Select(family => new TunedLayer(
                family.Layer,
                family.Choices,
                SampleSummary.Of([.. family.Choices.Select(choice => choice.TestError)]),
                SampleSummary.Of([.. family.Choices.Select(choice => choice.OracleTestError)]))),
    ];

    /// <summary>In one sentence, the honest figure first.</summary>
    public override string ToString()
    {
        var rates = Choices.GroupBy(choice => choice.P).OrderBy(rate => rate.Key).Select(rate => Invariant($"{rate.Key} for {rate.Count()}"));
        return Invariant($"{Layer} with the rate that the selection part chooses for each seed (p = {string.Join(", ", rates)}): test error {Percent(TestError)}. ")
            + Invariant($"With the rate that the test set itself would choose it would be {Percent(OracleTestError)}; that figure leaks and is no result.");
    }

    private static string Percent(SampleSummary error) => Invariant($"{error.Mean * 100:F2} %{(error.StandardDeviation is { } deviation ? Invariant($" ± {deviation * 100:F2}") : "")}");

    // The first of equals is the lowest rate.
    private static RateChoice[] ChoicesOf(IEnumerable<RunResult> runs) =>
    [
        .. runs.Where(run => SelectionError(run) is not null).GroupBy(run => run.Seed).Where(seed => seed.Count() > 1).Select(seed =>
        {
            RunResult[] byRate = [.. seed.OrderBy(run => run.P)];
            var (chosen, oracle) = (byRate.MinBy(SelectionError)!, byRate.MinBy(run => run.TestError)!);
            return new RateChoice(seed.Key, chosen.P, SelectionError(chosen)!.Value, chosen.TestError, oracle.P, oracle.TestError);
        }),
    ];

    private static double? SelectionError(RunResult run) => run.Diverged is null ? run.History[run.BestEpoch].SelectionError : null;
}

/// <summary>The rate chosen for one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="P">The rate with the lowest label-free selection error, the lowest of equals.</param>
/// <param name="SelectionError">That error.</param>
/// <param name="TestError">Label-free test error with that rate.</param>
/// <param name="OracleP">The rate with the lowest test error.</param>
/// <param name="OracleTestError">That error: too good, as the test set chose it.</param>
public sealed record RateChoice(long Seed, double P, double SelectionError, double TestError, double OracleP, double OracleTestError);

/// <summary>Layers that differ in nothing but their rate.</summary>
internal static class RatesOf
{
    private const string Rate = "p=";

    /// <summary>Those with at least two rates, in the order of the runs.</summary>
    public static IReadOnlyList<(string Layer, IReadOnlyList<RunResult> Runs)> Families(IEnumerable<RunResult> runs) =>
    [
        .. runs.GroupBy(run => WithoutRate(run.Layer), StringComparer.Ordinal)
            .Where(family => family.Select(run => run.P).Distinct().Count() > 1)
            .Select(family => (family.Key, (IReadOnlyList<RunResult>)[.. family])),
    ];

    /// <summary>A layer's specification without its rate.</summary>
    public static string WithoutRate(string layer) => string.Join(':', layer.Split(':').Where(part => !part.StartsWith(Rate, StringComparison.Ordinal)));
}
