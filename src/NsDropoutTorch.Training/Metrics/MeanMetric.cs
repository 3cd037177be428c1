using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Metrics;

/// <summary>A mean over samples.</summary>
/// <param name="name">Its name.</param>
/// <param name="higherIsBetter">Whether more is better.</param>
public abstract class MeanMetric(string name, bool higherIsBetter) : IScalarMetric
{
    // The sum, and the number of samples.
    private Tensor? sums;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public bool HigherIsBetter => higherIsBetter;

    /// <summary>The mean over all samples; NaN before the first evaluation and where there were no samples.</summary>
    public double Value { get; private set; } = double.NaN;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Gathered => sums is null ? ImmutableDictionary<string, Tensor>.Empty : new Dictionary<string, Tensor>(StringComparer.Ordinal) { [nameof(sums)] = sums };

    /// <inheritdoc/>
    public void Begin(Device device) => sums = torch.zeros(2, dtype: ScalarType.Float64, device: device);

    /// <inheritdoc/>
    public void Resume(IReadOnlyDictionary<string, Tensor> gathered) => sums!.copy_(gathered[nameof(sums)]);

    /// <inheritdoc/>
    public void Add(Tensor outputs, Tensor labels)
    {
        using var scope = torch.NewDisposeScope();
        sums![0].add_(Sum(outputs, labels), Scalars.One);
        if (Counted(labels) is { } counted)
        {
            sums[1].add_(counted, Scalars.One);
        }
        else
        {
            sums[1].add_(Scalars.Of(labels.shape[0]), Scalars.One);
        }
    }

    /// <inheritdoc/>
    public void End()
    {
        var read = sums!.cpu().data<double>();
        Value = Finish(read[0] / read[1]);
        sums = null;
    }

    /// <summary>What the mean is turned into, for instance its root. Default: the mean.</summary>
    /// <param name="mean">The mean.</param>
    protected virtual double Finish(double mean) => mean;

    /// <summary>How many values the sum over a batch has, a scalar tensor; null (the default): one for each sample.</summary>
    /// <param name="labels">What was right, <c>[n,…]</c>.</param>
    protected virtual Tensor? Counted(Tensor labels) => null;

    /// <summary>The sum over the samples of a batch, a scalar tensor.</summary>
    /// <param name="outputs">What the model gave, <c>[n,…]</c>.</param>
    /// <param name="labels">What was right, <c>[n]</c>.</param>
    protected abstract Tensor Sum(Tensor outputs, Tensor labels);
}

/// <summary>The part of the samples whose largest logit is that of their label, in [0, 1]; logits <c>[N,C]</c>, labels <c>[N]</c>.</summary>
public sealed class Accuracy() : MeanMetric("accuracy", higherIsBetter: true)
{
    /// <inheritdoc/>
    protected override Tensor Sum(Tensor outputs, Tensor labels) => outputs.argmax(1).eq(labels).sum();
}

/// <summary>The part of the samples whose label is among the <paramref name="k"/> largest logits, in [0, 1]; logits <c>[N,C]</c>, labels <c>[N]</c>.</summary>
/// <param name="k">How many, at least 1; with k ≥ C every sample counts as right.</param>
/// <exception cref="ArgumentException"><paramref name="k"/> is below 1.</exception>
public sealed class TopKAccuracy(int k) : MeanMetric(Invariant($"top{k}"), higherIsBetter: true)
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
public sealed class MeanLoss(Func<Tensor, Tensor, Tensor>? loss = null) : MeanMetric("loss", higherIsBetter: false)
{
    private readonly Func<Tensor, Tensor, Tensor> loss = loss ?? (static (logits, labels) => nn.functional.cross_entropy(logits, labels));

    /// <inheritdoc/>
    protected override Tensor Sum(Tensor outputs, Tensor labels) => loss(outputs, labels).mul(Scalars.Of(labels.shape[0]));
}
