using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Text;

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

/// <summary>Misclassified and least certain samples of the test set, where runs recorded them.</summary>
internal static class ExampleSection
{
    public static Html Of(IReadOnlyList<RunResult> runs)
    {
        var recorded = runs.Where(run => run.Examples is { Count: > 0 }).DistinctBy(run => run.Layer, StringComparer.Ordinal).ToArray();
        return recorded.Length == 0 ? Html.Empty : Html.Of(
            $"""
            <section>
            <h2>Samples worth a look</h2>
            {recorded.Select(Layer)}</section>

            """);
    }

    private static Html Layer(RunResult run) => Html.Of(
        $"""
        <h3>{run.Layer}, seed {run.Seed}</h3>
        {Row("Wrong, the most confident first", [.. run.Examples!.Where(example => example.Predicted != example.Label).OrderByDescending(example => example.Confidence)])}{Row("Right, the least confident first", [.. run.Examples!.Where(example => example.Predicted == example.Label).OrderBy(example => example.Confidence)])}
        """);

    private static Html Row(string title, IReadOnlyList<TestExample> examples) => examples.Count == 0 ? Html.Empty : Html.Of(
        $"""
        <h4>{title}</h4>
        <ul class="examples">
        {examples.Select(Item)}</ul>

        """);

    private static Html Item(TestExample example)
    {
        var image = example.Image is not { } picture || ExamplePicture.DataUri(picture) is not { } uri ? Html.Empty : Html.Of(
            $"""<img src="{uri}" alt="Row {example.Row} of the test set, class {example.Label}" width="{picture.Width}" height="{picture.Height}">""");
        var answer = example.Predicted == example.Label ? Invariant($"{example.Label}") : Invariant($"{example.Label} taken for {example.Predicted}");
        return Html.Of(
            $"""
            <li>{image}<span>{answer}<br><small>{FigureText.Percent(example.Confidence)}, row {example.Row}</small></span></li>

            """);
    }
}
