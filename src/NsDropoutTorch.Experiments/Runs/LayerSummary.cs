using NsDropoutTorch.Experiments.Statistics;

namespace NsDropoutTorch.Experiments.Runs;

/// <summary>The runs of one layer, averaged over seeds; those that diverged are left out. Errors are fractions in [0, 1].</summary>
/// <param name="Layer">The layer.</param>
/// <param name="P">Its rate.</param>
/// <param name="Runs">Number of seeds with a result.</param>
/// <param name="TestError">Label-free error on the test set; null where no run has a result, as all that follow.</param>
/// <param name="TestErrorLabelMask">Error with masks of the true labels; null for layers that never see labels.</param>
/// <param name="MaskFollowingRate">Predictions that follow the mask of a random label; null for layers that never see labels.</param>
/// <param name="TrainSeconds">Time of a run.</param>
/// <param name="SamplesPerSecond">Samples trained on per second.</param>
public sealed record LayerSummary(
    string Layer,
    double P,
    int Runs,
    SampleSummary? TestError,
    SampleSummary? TestErrorLabelMask,
    SampleSummary? MaskFollowingRate,
    SampleSummary? TrainSeconds,
    SampleSummary? SamplesPerSecond)
{
    /// <summary>The runs that diverged.</summary>
    public IReadOnlyList<Divergence> Diverged { get; init; } = [];

    /// <summary>One summary per layer, in the order of the runs.</summary>
    /// <param name="runs">All runs of a comparison.</param>
    /// <exception cref="ArgumentException">A figure of a run that is not marked as diverged is not finite.</exception>
    public static IReadOnlyList<LayerSummary> Of(IEnumerable<RunResult> runs) =>
        [.. runs.GroupBy(run => run.Layer, StringComparer.Ordinal).Select(group => Of(group.First(), [.. group.Where(run => run.Diverged is null)], group))];

    private static LayerSummary Of(RunResult any, RunResult[] scored, IEnumerable<RunResult> all) => new(
        any.Layer,
        any.P,
        scored.Length,
        Summarize(scored, run => run.TestError),
        Summarize(scored, run => run.TestErrorLabelMask),
        Summarize(scored, run => run.MaskFollowingRate),
        Summarize(scored, run => run.TrainSeconds),
        Summarize(scored, run => run.SamplesPerSecond))
    {
        Diverged = [.. all.Select(run => run.Diverged).OfType<Divergence>()],
    };

    // Null without runs, and unless every run has the figure.
    internal static SampleSummary? Summarize(IReadOnlyList<RunResult> runs, Func<RunResult, double?> figure)
    {
        var values = runs.Select(figure).OfType<double>().ToArray();
        return values.Length == runs.Count && values.Length > 0 ? SampleSummary.Of(values) : null;
    }
}
