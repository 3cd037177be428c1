using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Presets;

namespace NsDropoutTorch.Cli;

/// <summary>One comparison that <c>nsdropout compare</c> is to carry out.</summary>
/// <param name="Name">Its name among those of a preset, empty for one of no preset.</param>
/// <param name="Dataset">Name or path of the data set; null: the default.</param>
/// <param name="Settings">What to compare; its data set is still to be chosen where none was named.</param>
/// <param name="Published">What a source says of it; null: nothing.</param>
internal sealed record Experiment(string Name, string? Dataset, ComparisonSettings Settings, PublishedResults? Published);
