using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>The mean loss per sample.</summary>
/// <param name="loss">From outputs and labels of a batch to the mean loss of its samples, a scalar tensor; null: that of <see cref="Objective.Classification"/>.</param>
public sealed class MeanLoss(Func<Tensor, Tensor, Tensor>? loss = null) : MeanMetric
{
    private readonly Func<Tensor, Tensor, Tensor> loss = loss ?? Objective.Classification.Loss;

    /// <inheritdoc/>
    protected override Tensor Sum(Tensor outputs, Tensor labels) => loss(outputs, labels) * labels.shape[0];
}
