namespace NsDropoutTorch.Experiments.Report;

/// <summary>Which neurons each class's mask drops over the epochs, where runs recorded it.</summary>
internal static class MaskSection
{
    public static Html Of(IReadOnlyList<RunResult> runs)
    {
        var recorded = runs.Where(run => run.Masks is not null).DistinctBy(run => run.Layer, StringComparer.Ordinal)
            .SelectMany(run => run.Masks!, (run, masks) => new MaskChart(run.Layer, run.Seed, masks)).Where(chart => chart.HasContent).ToArray();
        return recorded.Length == 0 ? Html.Empty : Html.Of(
            $"""
            <section>
            <h2>Masks over epochs</h2>
            <p>One panel per class; epochs go from left to right, neurons from top to bottom, and a streak lasts as long as its neuron is dropped. Long streaks are masks that have settled. The curve below shows the share of the dropped neurons that are others than an epoch before.</p>
            <div class="gallery">
            {recorded.Select((chart, i) => chart.Draw($"masks-{i}"))}</div>
            </section>

            """);
    }
}
