using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Metrics;

/// <summary>A mean over samples.</summary>
public abstract class MeanMetric : IMetric
{
    private Tensor? sum;
    private long samples;

    /// <summary>The mean over all samples; NaN before the first evaluation and where there were no samples.</summary>
    public double Value { get; private set; } = double.NaN;

    /// <inheritdoc/>
    public void Begin(Device device) => (sum, samples) = (torch.zeros([], dtype: ScalarType.Float64, device: device), 0);

    /// <inheritdoc/>
    public void Add(Tensor outputs, Tensor labels)
    {
        sum!.add_(Sum(outputs, labels));
        samples += labels.shape[0];
    }

    /// <inheritdoc/>
    public void End()
    {
        Value = sum!.ToDouble() / samples;
        sum = null;
    }

    /// <summary>The sum over the samples of a batch, a scalar tensor.</summary>
    /// <param name="outputs">What the model gave, <c>[n,…]</c>.</param>
    /// <param name="labels">What was right, <c>[n]</c>.</param>
    protected abstract Tensor Sum(Tensor outputs, Tensor labels);
}

/// <summary>The part of the samples whose largest logit is that of their label, in [0, 1]; logits <c>[N,C]</c>, labels <c>[N]</c>.</summary>
public sealed class Accuracy : MeanMetric
{
    /// <inheritdoc/>
    protected override Tensor Sum(Tensor outputs, Tensor labels) => outputs.argmax(1).eq(labels).sum();
}

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

/// <summary>The mean loss per sample.</summary>
/// <param name="loss">From outputs and labels of a batch to the mean loss of its samples, a scalar tensor; null: the cross-entropy of logits <c>[N,C]</c> and labels <c>[N]</c>.</param>
public sealed class MeanLoss(Func<Tensor, Tensor, Tensor>? loss = null) : MeanMetric
{
    private readonly Func<Tensor, Tensor, Tensor> loss = loss ?? (static (logits, labels) => nn.functional.cross_entropy(logits, labels));

    /// <inheritdoc/>
    protected override Tensor Sum(Tensor outputs, Tensor labels) => loss(outputs, labels) * labels.shape[0];
}
