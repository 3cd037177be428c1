using System.Text.Json;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Presets;

/// <summary>What came out of a preset, as one document.</summary>
/// <param name="Schema">As in <see cref="ComparisonResults"/>.</param>
/// <param name="Preset">Name of the preset.</param>
/// <param name="Experiments">Its experiments.</param>
public sealed record PresetResults(int Schema, string Preset, IReadOnlyList<PresetResult> Experiments)
{
    /// <summary>The document as text, ending with a new line.</summary>
    public string Format() => JsonSerializer.Serialize(this, RunJson.Indented) + "\n";
}

/// <summary>What came out of one experiment of a preset.</summary>
/// <param name="Name">Name of the experiment.</param>
/// <param name="Results">Its results, with what was published.</param>
public sealed record PresetResult(string Name, ComparisonResults Results);
