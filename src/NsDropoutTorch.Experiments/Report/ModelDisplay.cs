using System.Globalization;
using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>What a model is made of, as a table.</summary>
internal static class ModelDisplay
{
    public static Html Of(ModelSummary summary) => Html.Of(
        $"""
        <table>
        <caption>{Numbers(summary)}</caption>
        <thead><tr><th scope="col">layer</th><th scope="col">type</th><th scope="col">output</th><th scope="col">parameters</th><th scope="col">frozen</th><th scope="col">multiply-adds</th><th scope="col">calls</th></tr></thead>
        <tbody>
        {summary.Layers.Select(Row)}</tbody>
        </table>

        """);

    private static string Numbers(ModelSummary summary)
    {
        var least = summary.Layers.Any(layer => layer.MultiplyAdds is null) ? "at least " : "";
        return Invariant($"{summary.Parameters:#,##0} parameters ({summary.Bytes:#,##0} bytes with buffers); {least}{summary.MultiplyAdds:#,##0} multiply-adds for an input {Shape(summary.InputShape)}");
    }

    private static Html Row(LayerSummary layer) => Html.Of(
        $"""
        <tr><th scope="row">{layer.Path}</th><td>{layer.Type}</td><td>{Shape(layer.OutputShape)}</td><td>{layer.Parameters:#,##0}</td><td>{layer.FrozenParameters:#,##0}</td><td>{Known(layer.MultiplyAdds)}</td><td>{Known(layer.Calls)}</td></tr>

        """);

    private static string Shape(IReadOnlyList<long>? shape) => shape is null ? "?" : $"[{string.Join(", ", shape)}]";

    private static string Known(long? number) => number?.ToString("#,##0", CultureInfo.InvariantCulture) ?? "?";
}
