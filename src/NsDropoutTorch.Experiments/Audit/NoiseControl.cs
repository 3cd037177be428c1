namespace NsDropoutTorch.Experiments.Audit;

/// <summary>
/// The same network with the same recipe, trained on shuffled labels: inputs say nothing about them, so whatever masks of the true labels score on the test
/// set comes from the masks.
/// </summary>
/// <param name="Epochs">Epochs trained.</param>
/// <param name="TestError">Error on the test set without labels; guessing gives 1 − 1/C.</param>
/// <param name="TestErrorLabelMask">Error on the test set with masks of the true labels.</param>
/// <param name="MaskFollowingRate">Predictions that follow the mask of a random label.</param>
public sealed record NoiseControl(int Epochs, double TestError, double TestErrorLabelMask, double MaskFollowingRate);
