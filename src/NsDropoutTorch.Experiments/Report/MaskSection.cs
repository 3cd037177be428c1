namespace NsDropoutTorch.Experiments.Report;

/// <summary>Which neurons each class's mask drops over the epochs, where runs recorded it.</summary>
internal static class MaskSection
{
    public static Html Of(IReadOnlyList<RunResult> runs)
    {
        var recorded = runs.Where(run => run.Masks is { NumFeatures: > 0, Snapshots.Count: > 0 }).DistinctBy(run => run.Layer, StringComparer.Ordinal).ToArray();
        return recorded.Length == 0 ? Html.Empty : Html.Of(
            $"""
            <section>
            <h2>Masks over epochs</h2>
            <p>One panel per class; epochs go from left to right, neurons from top to bottom, and a streak lasts as long as its neuron is dropped. Long streaks are masks that have settled.</p>
            <div class="gallery">
            {recorded.Select((run, i) => MaskChart.Of($"masks-{i}", run))}</div>
            </section>

            """);
    }
}
