using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>The part of the samples whose largest logit is that of their label, in [0, 1]; logits <c>[N,C]</c>, labels <c>[N]</c>.</summary>
public sealed class Accuracy : MeanMetric
{
    /// <inheritdoc/>
    protected override Tensor Sum(Tensor outputs, Tensor labels) => outputs.argmax(1).eq(labels).sum();
}
