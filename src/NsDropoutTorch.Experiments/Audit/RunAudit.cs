namespace NsDropoutTorch.Experiments.Audit;

/// <summary>What the leakage audit of a model that reads labels measured beside the scores of its run: <c>audit</c> of a run in <c>results.json</c>.</summary>
/// <param name="TestErrorMeanMask">Error on the test set with the mean of all masks, which needs no label.</param>
/// <param name="Noise">The noise control; null where it was left out.</param>
public sealed record RunAudit(double TestErrorMeanMask, NoiseControl? Noise);
