namespace NsDropoutTorch.Experiments;

/// <summary>Class masks of a run over its epochs: <c>masks</c> of a run in <c>results.json</c>.</summary>
/// <param name="NumFeatures">Number of neurons F.</param>
/// <param name="Snapshots">The masks at some epochs, in order.</param>
public sealed record MaskHistory(int NumFeatures, IReadOnlyList<MaskSnapshot> Snapshots);
