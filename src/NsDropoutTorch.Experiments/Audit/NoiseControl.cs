namespace NsDropoutTorch.Experiments.Audit;

/// <summary>
/// The same network with the same recipe, trained on shuffled labels: inputs say nothing about them, so whatever masks of the true labels score on the test
/// set comes from the masks. Its figures are NaN, and null in the document, where that training diverged.
/// </summary>
/// <param name="Epochs">Epochs of the training.</param>
/// <param name="TestError">Error on the test set without labels; guessing gives 1 − 1/C.</param>
/// <param name="TestErrorLabelMask">Error on the test set with masks of the true labels.</param>
/// <param name="MaskFollowingRate">Predictions that follow the mask of a random label.</param>
public sealed record NoiseControl(int Epochs, double TestError, double TestErrorLabelMask, double MaskFollowingRate)
{
    /// <summary>Where the training on shuffled labels ceased to be finite; null: it did not.</summary>
    public Divergence? Diverged { get; init; }

    /// <summary>A control that tells nothing.</summary>
    internal static NoiseControl Of(Divergence diverged, int epochs) => new(epochs, double.NaN, double.NaN, double.NaN) { Diverged = diverged };
}
