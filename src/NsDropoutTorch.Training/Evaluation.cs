namespace NsDropoutTorch.Training;

/// <summary>How a model does on data it was not fitted to.</summary>
/// <param name="Loss">Mean loss per sample, without penalties.</param>
/// <param name="Error">Part of the samples that are wrong, in [0, 1].</param>
/// <param name="Count">Number of samples.</param>
public sealed record Evaluation(double Loss, double Error, long Count);
