using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments.Presets;

/// <summary>Published figures beside measured ones as a table, with the label-free error beside those that leak.</summary>
public static class PresetTable
{
    /// <summary>The table; a pure function of the results.</summary>
    /// <param name="preset">Name of the preset.</param>
    /// <param name="results">The results of each experiment, with what was published.</param>
    public static TextTable Of(string preset, IReadOnlyList<PresetResult> results) => new(
        $"preset {preset}, published beside measured",
        [new("experiment"), new("layer"), new("figure"), new("published", IsNumeric: true), new("measured", IsNumeric: true), new("test error\nwithout labels", IsNumeric: true)],
        [.. results.SelectMany(result => PublishedRow.Of(result.Results), (result, row) => Row(result.Name, row))])
    {
        Before =
        [
            .. results.Where(result => result.Results.Environment.Data.LabelText is not null)
                .Select(result => $"{result.Results.Settings.Dataset}, {result.Results.Environment.Data.LabelText}").Distinct(StringComparer.Ordinal).Select(line => new ToneText(line)),
        ],
        After =
        [
            .. results.SelectMany(result => DivergenceLines.Of(result.Results.Runs), (result, line) => new ToneText($"• {result.Name}: {line}", Tone.Alarm)),
            .. results.GroupBy(result => result.Results.Published!.Remark, StringComparer.Ordinal)
                .Select(group => new ToneText($"• {string.Join(", ", group.Select(result => result.Name))}: {group.Key}")),
            .. results.SelectMany(result => result.Results.Audits, (result, audit) => (result.Name, audit)).Where(entry => entry.audit.MaskFollowingRate is not null)
                .Select(entry => new ToneText($"• {entry.Name}: {entry.audit.Sentence}", entry.audit.Tone)),
        ],
    };

    private static ToneText[] Row(string experiment, PublishedRow row)
    {
        var tone = row.Leaks ? Tone.Warning : Tone.Plain;
        return [new(experiment, tone), new(row.Layer, tone), new(row.Figure, tone), new(row.Published, tone), new(row.Measured, tone), new(row.WithoutLabels)];
    }
}
