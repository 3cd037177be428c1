using NsDropoutTorch.Training;

namespace NsDropoutTorch.Experiments;

/// <summary>How a model came to the weights it has now.</summary>
/// <param name="Fit">The training.</param>
/// <param name="BestEpoch">The epoch they are of.</param>
/// <param name="LabelMaskErrors">Selection errors with label masks by epoch; null where they were not measured.</param>
/// <param name="Split">Samples of each class in the parts of the training set.</param>
/// <param name="Diverged">Where it diverged, and then the weights are those of the last epoch; null: it did not.</param>
internal sealed record TrainedModel(FitResult Fit, int BestEpoch, IReadOnlyList<double?> LabelMaskErrors, SplitCounts Split, Divergence? Diverged);
