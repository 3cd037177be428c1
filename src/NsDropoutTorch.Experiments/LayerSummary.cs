namespace NsDropoutTorch.Experiments;

/// <summary>The runs of one layer, averaged over seeds. Errors are fractions in [0, 1].</summary>
/// <param name="Layer">The layer.</param>
/// <param name="P">Its rate.</param>
/// <param name="Runs">Number of seeds.</param>
/// <param name="TestError">Label-free error on the test set.</param>
/// <param name="TestErrorLabelMask">Error with masks of the true labels; null for layers that never see labels.</param>
/// <param name="MaskFollowingRate">Predictions that follow the mask of a random label; null for layers that never see labels.</param>
/// <param name="TrainSeconds">Time of a run.</param>
/// <param name="SamplesPerSecond">Samples trained on per second.</param>
public sealed record LayerSummary(
    string Layer,
    double P,
    int Runs,
    Spread TestError,
    Spread? TestErrorLabelMask,
    Spread? MaskFollowingRate,
    Spread TrainSeconds,
    Spread SamplesPerSecond)
{
    /// <summary>One summary per layer, in the order of the runs.</summary>
    /// <param name="runs">All runs of a comparison.</param>
    public static IReadOnlyList<LayerSummary> Of(IEnumerable<RunResult> runs) =>
        [.. runs.GroupBy(run => run.Layer, StringComparer.Ordinal).Select(group => Of([.. group]))];

    private static LayerSummary Of(RunResult[] runs) => new(
        runs[0].Layer,
        runs[0].P,
        runs.Length,
        Spread.Of(runs, run => run.TestError)!,
        Spread.Of(runs, run => run.TestErrorLabelMask),
        Spread.Of(runs, run => run.MaskFollowingRate),
        Spread.Of(runs, run => run.TrainSeconds)!,
        Spread.Of(runs, run => run.SamplesPerSecond)!);
}
