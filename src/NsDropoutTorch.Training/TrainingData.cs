using NsDropoutTorch.Training.Data;

namespace NsDropoutTorch.Training;

/// <summary>
/// The parts of the data that a training run may see; the test part is not among them, so no callback can look at it.
/// They lie on the device of the model, or on the host and are copied there piece by piece, and belong to the caller.
/// </summary>
/// <param name="Fit">What the weights are fitted to: tensors, or any source of batches.</param>
/// <param name="MaskStatistics">
/// What layers that learn from validation activations (<see cref="ValidationCapture"/>) are shown after each epoch, with its labels; other models never see it. Its labels choose
/// masks, so it is training data: never the part whose error is reported. <see cref="TensorData.Split"/> takes it off the training part.
/// </param>
/// <param name="Selection">
/// What scores each epoch. When it is the same object as <paramref name="MaskStatistics"/>, one pass over it serves both, and its error is that of labels which the model has seen.
/// </param>
public sealed record TrainingData(BatchSource Fit, TensorData? MaskStatistics = null, TensorData? Selection = null);
