using System.Globalization;
using System.Text.Json.Serialization;
using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments;

/// <summary>What a source says of an experiment: <c>published</c> in <c>results.json</c>.</summary>
/// <param name="Source">The source.</param>
/// <param name="Remark">What must be known to compare with it.</param>
/// <param name="Figures">Its figures.</param>
public sealed record PublishedResults(string Source, string Remark, IReadOnlyList<PublishedFigure> Figures);

/// <summary>A published figure.</summary>
/// <param name="Layer">The layer it was measured with, as <see cref="LayerSpecification"/> writes it.</param>
/// <param name="Measure">What was measured.</param>
/// <param name="Value">What came out; errors are fractions in [0, 1].</param>
public sealed record PublishedFigure(string Layer, PublishedMeasure Measure, double Value)
{
    /// <summary>The same figure of these runs: the mean over those with this layer that did not diverge; null where it was not measured.</summary>
    /// <param name="runs">All runs of the experiment.</param>
    public double? MeasuredIn(IReadOnlyList<RunResult> runs)
    {
        var figures = runs.Where(run => run.Layer == Layer && run.Diverged is null).Select(Of).OfType<double>().ToArray();
        return figures.Length == 0 ? null : figures.Average();
    }

    private double? Of(RunResult run) => Measure switch
    {
        PublishedMeasure.TestError => run.TestError,
        PublishedMeasure.TestErrorLabelMask => run.TestErrorLabelMask,
        PublishedMeasure.TestLoss => run.TestLoss,
        PublishedMeasure.TrainError => run.History[^1].TrainError,
        PublishedMeasure.TrainLoss => run.History[^1].TrainLoss,
        _ => null,
    };
}

/// <summary>What a published figure measures.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PublishedMeasure>))]
public enum PublishedMeasure
{
    /// <summary>Error on the test set without labels.</summary>
    [JsonStringEnumMemberName("testError")]
    TestError,

    /// <summary>Error on the test set with masks of the true labels: leaks.</summary>
    [JsonStringEnumMemberName("testErrorLabelMask")]
    TestErrorLabelMask,

    /// <summary>Mean cross-entropy on the test set without labels.</summary>
    [JsonStringEnumMemberName("testLoss")]
    TestLoss,

    /// <summary>Error in the steps of the last epoch.</summary>
    [JsonStringEnumMemberName("trainError")]
    TrainError,

    /// <summary>Mean cross-entropy in the steps of the last epoch, without penalties.</summary>
    [JsonStringEnumMemberName("trainLoss")]
    TrainLoss,
}

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
        var withoutLabels = layer.TestError is { } error ? FigureText.PlainPercent(error.Mean) : Divergence.Word;
        var rows = results.Published!.Figures.Where(figure => figure.Layer == layer.Layer).Select(figure => new PublishedRow(
            layer.Layer,
            Name(figure.Measure),
            Text(figure.Measure, figure.Value),
            Text(figure.Measure, figure.MeasuredIn(results.Runs)),
            withoutLabels,
            figure.Measure == PublishedMeasure.TestErrorLabelMask));
        return rows.DefaultIfEmpty(new(layer.Layer, Name(PublishedMeasure.TestError), FigureText.Absent, withoutLabels, withoutLabels, Leaks: false));
    }

    private static string Name(PublishedMeasure measure) => measure switch
    {
        PublishedMeasure.TestErrorLabelMask => "test error, label masks: leaks",
        PublishedMeasure.TestLoss => "test loss",
        PublishedMeasure.TrainError => "training error",
        PublishedMeasure.TrainLoss => "training loss",
        _ => "test error",
    };

    private static string Text(PublishedMeasure measure, double? value) => value is null ? FigureText.Absent
        : measure is PublishedMeasure.TestLoss or PublishedMeasure.TrainLoss ? value.Value.ToString("F3", CultureInfo.InvariantCulture)
        : FigureText.PlainPercent(value.Value);
}
