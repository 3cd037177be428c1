using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>The part of the samples whose label is among the <paramref name="k"/> largest logits, in [0, 1]; logits <c>[N,C]</c>, labels <c>[N]</c>.</summary>
/// <param name="k">How many, at least 1; with k ≥ C every sample counts as right.</param>
/// <exception cref="ArgumentException"><paramref name="k"/> is below 1.</exception>
public sealed class TopKAccuracy(int k) : MeanMetric
{
    private readonly long k = Require.AtLeast(1, k, "k");

    /// <inheritdoc/>
    protected override Tensor Sum(Tensor outputs, Tensor labels)
    {
        var (_, indices) = outputs.topk((int)Math.Min(k, outputs.shape[1]), dim: 1);
        return indices.eq(labels.unsqueeze(1)).sum();
    }
}
