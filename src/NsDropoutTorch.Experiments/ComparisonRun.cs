namespace NsDropoutTorch.Experiments;

/// <summary>One run of a comparison, for whoever watches it.</summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Number">Its place in the comparison, from 1.</param>
/// <param name="Count">Runs in all.</param>
public sealed record ComparisonRun(string Layer, long Seed, int Number, int Count);
