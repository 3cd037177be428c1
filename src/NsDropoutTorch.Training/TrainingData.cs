using NsDropoutTorch.Training.Data;

namespace NsDropoutTorch.Training;

/// <summary>
/// The parts of the data that a training run may see; the test part is not among them, so no callback can look at it.
/// All are on the device of the model and belong to the caller.
/// </summary>
/// <param name="Fit">What the weights are fitted to.</param>
/// <param name="Capture">
/// What layers that learn from validation activations (<see cref="ValidationCapture"/>) are shown after each epoch; other models never see it.
/// </param>
/// <param name="Selection">
/// What scores each epoch. When it is the same object as <paramref name="Capture"/>, one pass over it serves both.
/// </param>
public sealed record TrainingData(TensorData Fit, TensorData? Capture = null, TensorData? Selection = null);
