using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>What was taken for what, one matrix per layer, added up over seeds.</summary>
internal static class ConfusionSection
{
    public static Html Of(IReadOnlyList<RunResult> runs)
    {
        var layers = runs.GroupBy(run => run.Layer, StringComparer.Ordinal).Where(layer => layer.All(run => run.Confusion.Count > 0)).ToArray();
        return layers.Length == 0 ? Html.Empty : Html.Of(
            $"""
            <section>
            <h2>What was taken for what</h2>
            <p>Rows are true classes, columns the answers given without labels. Numbers are per cent of the row.</p>
            <div class="gallery">
            {layers.Select((layer, i) => ConfusionChart.Of($"confusion-{i}", layer.Key, Sum([.. layer.Select(run => run.Confusion)])))}</div>
            </section>

            """);
    }

    private static long[][] Sum(IReadOnlyList<IReadOnlyList<long>>[] matrices)
    {
        var size = matrices.Max(matrix => Math.Max(matrix.Count, matrix.Max(row => row.Count)));
        long Cell(int i, int j) => matrices.Sum(matrix => i < matrix.Count && j < matrix[i].Count ? matrix[i][j] : 0);
        return [.. Enumerable.Range(0, size).Select(i => Enumerable.Range(0, size).Select(j => Cell(i, j)).ToArray())];
    }
}
