namespace NsDropoutTorch.Experiments.Presets;

/// <summary>One experiment of a source.</summary>
/// <param name="Name">Its name, unlike those of the others: also that of its folder in the output.</param>
/// <param name="Settings">What is compared and how.</param>
/// <param name="Published">What the source says came out.</param>
public sealed record PresetExperiment(string Name, ComparisonSettings Settings, PublishedResults Published);
