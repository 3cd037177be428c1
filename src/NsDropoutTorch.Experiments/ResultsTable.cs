using System.Globalization;
using NsDropoutTorch.Experiments.Audit;
using NsDropoutTorch.Experiments.Statistics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NsDropoutTorch.Experiments;

/// <summary>The results of a comparison as a table for a terminal, with the label-free figures beside those that leak.</summary>
public static class ResultsTable
{
    /// <summary>What the table says below it when a layer reads labels.</summary>
    public const string LeakWarning =
        "Label-mask figures leak: the mask is chosen by the true label, and a network can read the class off the mask. "
        + "Only the test error without labels says how well a layer generalises.";

    /// <summary>The table; a pure function of the results.</summary>
    /// <param name="results">The results.</param>
    public static IRenderable Of(ComparisonResults results)
    {
        var layers = LayerSummary.Of(results.Runs);
        var table = Columns(new Table { Border = TableBorder.Rounded, Title = new TableTitle(Markup.Escape(Title(results.Settings))) });
        foreach (var layer in layers)
        {
            table.AddRow([.. Cells(layer).Select(cell => new Text(cell))]);
        }

        var leaks = layers.Any(layer => layer.TestErrorLabelMask is not null);
        return new Rows(
        [
            .. results.Environment.Data.LabelText is { } label ? new[] { new Text($"{results.Settings.Dataset}, {label}") } : [],
            table,
            .. DivergenceLines.Of(results.Runs).Select(line => new Text($"• {line}", Style.Parse("red"))),
            .. SplitLine.Of(results.Runs) is { } split ? new[] { new Text(split) } : [],
            .. ComparisonLines.Of(results.Comparisons).Select(line => new Text(line)),
            .. layers.Select(layer => SeedCount.WithoutInterval(layer.Runs)).OfType<string>().Distinct(StringComparer.Ordinal).Select(line => new Text(line)),
            .. leaks ? new[] { new Text(LeakWarning, Style.Parse("yellow")) } : [],
            .. results.Audits.Select(Verdict),
        ]);
    }

    private static Text Verdict(LayerAudit audit) =>
        new($"• {audit.Sentence}", audit.Verdict == LeakageVerdict.MaskDependent ? Style.Parse("yellow") : Style.Plain);

    private static string Title(ComparisonSettings settings) => string.Create(
        CultureInfo.InvariantCulture,
        $"{settings.Dataset}, {settings.Protocol} protocol, {(settings.Patience is null ? "" : "at most ")}{settings.Epochs} epochs, {Seeds(settings.Seeds)}\n{TrainingRecipe.Describe(settings)}");

    private static string Seeds(IReadOnlyList<long> seeds) =>
        seeds.Count == 1 ? $"seed {seeds[0]}" : $"{seeds.Count} seeds (mean ± standard deviation{(SeedCount.WithoutInterval(seeds.Count) is null ? ", 95 % interval of the median" : "")})";

    private static Table Columns(Table table) => table
        .AddColumn("layer")
        .AddColumn(Numeric("p"))
        .AddColumn(Numeric("test error\nwithout labels"))
        .AddColumn(Numeric("test error\nlabel masks: leaks"))
        .AddColumn(Numeric("follows mask of\na random label"))
        .AddColumn(Numeric("train\nseconds"))
        .AddColumn(Numeric("samples\nper second"));

    private static TableColumn Numeric(string header) => new TableColumn(header).RightAligned();

    private static string[] Cells(LayerSummary layer) =>
    [
        layer.Diverged.Count == 0 ? layer.Layer : $"{layer.Layer}\n{layer.Diverged.Count} of {layer.Diverged.Count + layer.Runs} diverged",
        layer.P == 0 ? Words.Absent : layer.P.ToString(CultureInfo.InvariantCulture),
        layer.Runs == 0 ? DivergenceLines.Word : Percent(layer.TestError),
        Percent(layer.TestErrorLabelMask),
        Percent(layer.MaskFollowingRate),
        layer.TrainSeconds?.Mean.ToString("F1", CultureInfo.InvariantCulture) ?? Words.Absent,
        layer.SamplesPerSecond?.Mean.ToString("N0", CultureInfo.InvariantCulture) ?? Words.Absent,
    ];

    private static string Percent(Spread? spread) => spread switch
    {
        null => Words.Absent,
        { StandardDeviation: { } deviation, MedianInterval: { } interval } => string.Create(
            CultureInfo.InvariantCulture,
            $"{spread.Mean * 100:F2} ± {deviation * 100:F2} %\n{interval.Low * 100:F2} to {interval.High * 100:F2} %"),
        { StandardDeviation: { } deviation } => string.Create(CultureInfo.InvariantCulture, $"{spread.Mean * 100:F2} ± {deviation * 100:F2} %"),
        _ => Words.PlainPercent(spread.Mean),
    };
}
