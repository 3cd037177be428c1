namespace NsDropoutTorch.Experiments;

/// <summary>Class masks of one layer of a run over its epochs: an entry of <c>masks</c> of a run in <c>results.json</c>.</summary>
/// <param name="Module">Name of the layer in the network.</param>
/// <param name="NumFeatures">Number of neurons F.</param>
/// <param name="Snapshots">The masks at some epochs, in order; the first and the last epoch are among them.</param>
/// <param name="Replaced">
/// For each epoch the share of the dropped neurons that were not dropped the epoch before, in [0, 1], over all classes; 0 where none are dropped, and 1 when dropping begins.
/// </param>
public sealed record MaskHistory(string Module, int NumFeatures, IReadOnlyList<MaskSnapshot> Snapshots, IReadOnlyList<double> Replaced);
