namespace NsDropoutTorch.Experiments;

/// <summary>Class masks after one epoch.</summary>
/// <param name="Epoch">Number of the epoch, from 0.</param>
/// <param name="Dropped">For each class the neurons its mask drops, ascending, each in [0, F).</param>
public sealed record MaskSnapshot(int Epoch, IReadOnlyList<IReadOnlyList<long>> Dropped);
