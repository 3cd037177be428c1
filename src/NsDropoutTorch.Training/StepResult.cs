using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>What a step gives for a batch: the loss that is minimised, and what is written into the history beside it. A loss alone converts to one.</summary>
/// <param name="Loss">The mean loss of the batch, a scalar tensor.</param>
public sealed record StepResult(Tensor Loss)
{
    /// <summary>
    /// Samples that <see cref="Loss"/> and <see cref="Values"/> are means of, at least 1: their weight in the means of an epoch. Null (the default): the rows of a batch of tensors
    /// (<see cref="BatchSource.FromTensors"/>, or inputs and labels); of other batches each counts as one.
    /// </summary>
    public long? Count { get; init => field = value is { } count ? Require.AtLeast(1, count, "count") : null; }

    /// <summary>Targets that count where those are not the samples (tokens without padding, for instance), a scalar tensor; then <see cref="Loss"/> is their mean. Default: null.</summary>
    public Tensor? Targets { get; init; }

    /// <summary>How many of the targets, or of the samples, are missed, a scalar tensor; null (the default) where nothing is right or wrong.</summary>
    public Tensor? Errors { get; init; }

    /// <summary>Further means over the batch, scalar tensors by name, the same names in every step; they appear in <see cref="EpochRecord.TrainMetrics"/> and <see cref="EpochRecord.SelectionMetrics"/>. Default: none.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Values { get; init; } = [];

    /// <summary>The result of a step that has nothing but a loss.</summary>
    /// <param name="loss">The mean loss of the batch, a scalar tensor.</param>
    public static implicit operator StepResult(Tensor loss) => new(loss);
}
