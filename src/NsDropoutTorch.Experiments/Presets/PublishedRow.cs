using System.Globalization;

namespace NsDropoutTorch.Experiments.Presets;

/// <summary>A published figure beside the same measured, in words; the terminal and the page show the same rows.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Figure">What the figure is, and whether it leaks.</param>
/// <param name="Published">As published.</param>
/// <param name="Measured">The same, measured.</param>
/// <param name="WithoutLabels">The layer's test error without labels.</param>
/// <param name="Leaks">Whether the figure uses the label.</param>
internal sealed record PublishedRow(string Layer, string Figure, string Published, string Measured, string WithoutLabels, bool Leaks)
{
    /// <summary>All published figures, and a row for each layer of which nothing was published.</summary>
    public static IReadOnlyList<PublishedRow> Of(ComparisonResults results) =>
        [.. LayerSummary.Of(results.Runs).SelectMany(layer => Of(layer, results))];

    private static IEnumerable<PublishedRow> Of(LayerSummary layer, ComparisonResults results)
    {
        var withoutLabels = layer.TestError is { } error ? Words.PlainPercent(error.Mean) : DivergenceLines.Word;
        var rows = results.Published!.Figures.Where(figure => figure.Layer == layer.Layer).Select(figure => new PublishedRow(
            layer.Layer,
            Name(figure.Measure),
            Text(figure.Measure, figure.Value),
            Text(figure.Measure, figure.MeasuredIn(results.Runs)),
            withoutLabels,
            figure.Measure == PublishedMeasure.TestErrorLabelMask));
        return rows.DefaultIfEmpty(new(layer.Layer, Name(PublishedMeasure.TestError), Words.Absent, withoutLabels, withoutLabels, Leaks: false));
    }

    private static string Name(PublishedMeasure measure) => measure switch
    {
        PublishedMeasure.TestErrorLabelMask => "test error, label masks: leaks",
        PublishedMeasure.TestLoss => "test loss",
        PublishedMeasure.TrainError => "training error",
        PublishedMeasure.TrainLoss => "training loss",
        _ => "test error",
    };

    private static string Text(PublishedMeasure measure, double? value) => value is null ? Words.Absent
        : measure is PublishedMeasure.TestLoss or PublishedMeasure.TrainLoss ? value.Value.ToString("F3", CultureInfo.InvariantCulture)
        : Words.PlainPercent(value.Value);
}
