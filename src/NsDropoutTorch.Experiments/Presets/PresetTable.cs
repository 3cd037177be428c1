using NsDropoutTorch.Experiments.Audit;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NsDropoutTorch.Experiments.Presets;

/// <summary>Published figures beside measured ones as a table for a terminal, with the label-free error beside those that leak.</summary>
public static class PresetTable
{
    /// <summary>The table; a pure function of the results.</summary>
    /// <param name="preset">The preset.</param>
    /// <param name="results">The results of each experiment, with what was published.</param>
    public static IRenderable Of(string preset, IReadOnlyList<PresetResult> results)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Markup.Escape($"preset {preset}, published beside measured")) }
            .AddColumn("experiment")
            .AddColumn("layer")
            .AddColumn("figure")
            .AddColumn(new TableColumn("published").RightAligned())
            .AddColumn(new TableColumn("measured").RightAligned())
            .AddColumn(new TableColumn("test error\nwithout labels").RightAligned());
        foreach (var (experiment, row) in results.SelectMany(result => PublishedRow.Of(result.Results), (result, row) => (result.Name, row)))
        {
            table.AddRow([.. new[] { experiment, row.Layer, row.Figure, row.Published, row.Measured, row.WithoutLabels }
                .Select(cell => new Text(cell, row.Leaks && cell != row.WithoutLabels ? Style.Parse("yellow") : Style.Plain))]);
        }

        return new Rows(
        [
            .. results.Where(result => result.Results.Environment.Data.LabelText is not null)
                .Select(result => $"{result.Results.Settings.Dataset}, {result.Results.Environment.Data.LabelText}").Distinct(StringComparer.Ordinal).Select(line => new Text(line)),
            table,
            .. results.SelectMany(result => DivergenceLines.Of(result.Results.Runs), (result, line) => new Text($"• {result.Name}: {line}", Style.Parse("red"))),
            .. results.GroupBy(result => result.Results.Published!.Remark, StringComparer.Ordinal)
                .Select(group => new Text($"• {string.Join(", ", group.Select(result => result.Name))}: {group.Key}")),
            .. results.SelectMany(result => result.Results.Audits, (result, audit) => (result.Name, audit)).Where(entry => entry.audit.MaskFollowingRate is not null)
                .Select(entry => new Text($"• {entry.Name}: {entry.audit.Sentence}", entry.audit.Verdict == LeakageVerdict.MaskDependent ? Style.Parse("yellow") : Style.Plain)),
        ]);
    }
}
