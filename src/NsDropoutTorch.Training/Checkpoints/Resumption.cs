namespace NsDropoutTorch.Training;

/// <summary>Where a resumed run was taken up.</summary>
/// <param name="Path">The checkpoint file.</param>
/// <param name="Epoch">Finished epochs in it.</param>
/// <param name="Iteration">Finished steps in it, over all epochs.</param>
/// <param name="Refused">Why a newer checkpoint beside it was not used, a sentence; null when it was the newest.</param>
public sealed record Resumption(string Path, int Epoch, long Iteration, string? Refused);
