using System.Globalization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Audit;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Statistics;
using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments;

/// <summary>The results of a comparison as a table, with the label-free figures beside those that leak.</summary>
public static class ResultsTable
{
    /// <summary>What the table says below it when a layer reads labels.</summary>
    public const string LeakWarning =
        "Label-mask figures leak: the mask is chosen by the true label, and a network can read the class off the mask. "
        + "Only the test error without labels says how well a layer generalises.";

    private static readonly TextColumn[] Columns =
    [
        new("layer"),
        new("p", IsNumeric: true),
        new("test error\nwithout labels", IsNumeric: true),
        new("test error\nlabel masks: leaks", IsNumeric: true),
        new("follows mask of\na random label", IsNumeric: true),
        new("train\nseconds", IsNumeric: true),
        new("samples\nper second", IsNumeric: true),
    ];

    /// <summary>The table; a pure function of the results.</summary>
    /// <param name="results">The results.</param>
    public static TextTable Of(ComparisonResults results)
    {
        var layers = LayerSummary.Of(results.Runs);
        var leaks = layers.Any(layer => layer.TestErrorLabelMask is not null);
        return new(Title(results.Settings), Columns, [.. layers.Select(layer => Cells(layer).Select(cell => new ToneText(cell)).ToArray())])
        {
            Before = results.Environment.Data.LabelText is { } label ? [new($"{results.Settings.Dataset}, {label}")] : [],
            After =
            [
                .. MissingLine.Of(results) is { } missing ? [new ToneText($"• {missing}", Tone.Alarm)] : Array.Empty<ToneText>(),
                .. DivergenceLines.Of(results.Runs).Select(line => new ToneText($"• {line}", Tone.Alarm)),
                .. SplitLine.Of(results.Runs) is { } split ? [new ToneText(split)] : Array.Empty<ToneText>(),
                .. ComparisonsOf(results).Select(line => new ToneText(line)),
                .. (results.Tuned ?? []).Select(layer => new ToneText($"• {layer}")),
                .. layers.Select(layer => SeedCount.WithoutInterval(layer.Runs)).OfType<string>().Distinct(StringComparer.Ordinal).Select(line => new ToneText(line)),
                .. leaks ? [new ToneText(LeakWarning, Tone.Warning)] : Array.Empty<ToneText>(),
                .. AuditsOf(results),
            ],
        };
    }

    // Where a rate is chosen nobody asks for each rate against the baseline; the document has these too.
    private static IEnumerable<string> ComparisonsOf(ComparisonResults results) => results.TunedComparisons is not { } tuned
        ? ComparisonLines.Of(results.Comparisons)
        : tuned.GroupBy(comparison => comparison.Baseline, StringComparer.Ordinal).SelectMany(against => ComparisonLines.Of([.. against])).Distinct(StringComparer.Ordinal);

    // With a grid there would be a screen of layers that read no label.
    private static IEnumerable<ToneText> AuditsOf(ComparisonResults results)
    {
        LayerAudit[] shown = [.. results.Audits.Where(audit => results.Tuned is null || audit.MaskFollowingRate is not null || audit.Diverged.Count > 0)];
        var others = results.Audits.Count - shown.Length;
        return
        [
            .. shown.Select(audit => new ToneText($"• {audit.Sentence}", audit.Tone)),
            .. others == 0 ? Array.Empty<ToneText>() : [new ToneText($"• {(shown.Length == 0 ? "All" : "The other")} {FigureText.Count(others, "layer")} read no label, so none can leak.")],
        ];
    }

    private static string Title(ComparisonSettings settings) => string.Create(
        CultureInfo.InvariantCulture,
        $"{settings.Dataset}, {settings.Protocol.Name} protocol, {(settings.Patience is null ? "" : "at most ")}{settings.Epochs} epochs, {Seeds(settings.Seeds)}\n{TrainingRecipe.Describe(settings)}");

    private static string Seeds(IReadOnlyList<long> seeds) =>
        seeds.Count == 1 ? Invariant($"seed {seeds[0]}") : $"{seeds.Count} seeds (mean ± standard deviation{(SeedCount.WithoutInterval(seeds.Count) is null ? ", 95 % interval of the median" : "")})";

    private static string[] Cells(LayerSummary layer) =>
    [
        layer.Diverged.Count == 0 ? layer.Layer : Invariant($"{layer.Layer}\n{layer.Diverged.Count} of {layer.Diverged.Count + layer.Runs} diverged"),
        layer.P == 0 ? FigureText.Absent : layer.P.ToString(CultureInfo.InvariantCulture),
        layer.Runs == 0 ? Divergence.Word : Percent(layer.TestError),
        Percent(layer.TestErrorLabelMask),
        Percent(layer.MaskFollowingRate),
        layer.TrainSeconds?.Mean.ToString("F1", CultureInfo.InvariantCulture) ?? FigureText.Absent,
        layer.SamplesPerSecond?.Mean.ToString("N0", CultureInfo.InvariantCulture) ?? FigureText.Absent,
    ];

    private static string Percent(SampleSummary? spread) => spread switch
    {
        null => FigureText.Absent,
        { StandardDeviation: { } deviation, MedianInterval: { } interval } => string.Create(
            CultureInfo.InvariantCulture,
            $"{spread.Mean * 100:F2} ± {deviation * 100:F2} %\n{interval.Low * 100:F2} to {interval.High * 100:F2} %"),
        { StandardDeviation: { } deviation } => string.Create(CultureInfo.InvariantCulture, $"{spread.Mean * 100:F2} ± {deviation * 100:F2} %"),
        _ => FigureText.PlainPercent(spread.Mean),
    };
}
