namespace NsDropoutTorch.Experiments.Presets;

/// <summary>What came out of one experiment of a preset.</summary>
/// <param name="Name">Name of the experiment.</param>
/// <param name="Results">Its results, with what was published.</param>
public sealed record PresetResult(string Name, ComparisonResults Results);
