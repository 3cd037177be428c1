namespace NsDropoutTorch.Experiments.Presets;

/// <summary>What a source says of an experiment: <c>published</c> in <c>results.json</c>.</summary>
/// <param name="Source">The source.</param>
/// <param name="Remark">What must be known to compare with it.</param>
/// <param name="Figures">Its figures.</param>
public sealed record PublishedResults(string Source, string Remark, IReadOnlyList<PublishedFigure> Figures);
