using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Metrics;

/// <summary>
/// The mean of the F1 scores of all classes, <c>f1</c> (macro average); logits <c>[N,C]</c>, labels <c>[N]</c>. A class that is neither there nor predicted has 0, as in
/// <see cref="ClassificationReport"/>.
/// </summary>
/// <param name="numClasses">Number of classes C, at least 1.</param>
/// <exception cref="ArgumentException"><paramref name="numClasses"/> is below 1; or, when evaluated, a label or prediction is no class.</exception>
public sealed class F1Score(int numClasses) : IScalarMetric
{
    private readonly ConfusionMatrix confusion = new(numClasses);

    /// <inheritdoc/>
    public string Name => "f1";

    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public double Value { get; private set; } = double.NaN;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Gathered =>
        confusion.Cells is { } cells ? new Dictionary<string, Tensor>(StringComparer.Ordinal) { [nameof(cells)] = cells } : ImmutableDictionary<string, Tensor>.Empty;

    /// <inheritdoc/>
    public void Begin(Device device) => confusion.Begin(device);

    /// <inheritdoc/>
    public void Resume(IReadOnlyDictionary<string, Tensor> gathered) => confusion.Cells!.copy_(gathered["cells"]);

    /// <inheritdoc/>
    public void Add(Tensor outputs, Tensor labels) => confusion.Add(outputs, labels);

    /// <inheritdoc/>
    public void End()
    {
        confusion.End();
        Value = ClassificationReport.Of(confusion.Value).MacroAverage.F1;
    }
}

/// <summary>
/// The area under the ROC curve, <c>auroc</c>: the probability that a sample of the positive class has a higher score than one of the negative class, ties counting half; exact,
/// from all scores. Logits <c>[N]</c>, <c>[N,1]</c>, or <c>[N,2]</c> (second minus first), labels 0 and 1 of N elements. NaN where a class is missing.
/// </summary>
public sealed class Auroc : IScalarMetric
{
    private readonly List<Tensor> scores = [];
    private readonly List<Tensor> labels = [];

    /// <inheritdoc/>
    public string Name => "auroc";

    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public double Value { get; private set; } = double.NaN;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Gathered => scores.Count == 0
        ? ImmutableDictionary<string, Tensor>.Empty
        : new Dictionary<string, Tensor>(StringComparer.Ordinal) { [nameof(scores)] = cat(scores), [nameof(labels)] = cat(labels) };

    /// <inheritdoc/>
    public void Begin(Device device) => Clear();

    /// <inheritdoc/>
    public void Resume(IReadOnlyDictionary<string, Tensor> gathered)
    {
        if (gathered.Count > 0)
        {
            Keep(gathered[nameof(scores)].clone(), gathered[nameof(labels)].clone());
        }
    }

    /// <inheritdoc/>
    public void Add(Tensor outputs, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var one = outputs.dim() == 2 && outputs.size(1) == 2 ? outputs.select(1, 1) - outputs.select(1, 0) : outputs.flatten();
        if (one.numel() != labels.size(0) || labels.numel() != labels.size(0))
        {
            throw Require.Broken(
                $"auroc needs one score a sample, logits [N], [N,1] or [N,2] with labels [N], but got [{string.Join(',', outputs.shape)}] and [{string.Join(',', labels.shape)}]; for more classes take F1Score.");
        }

        Keep(one.detach().to(ScalarType.Float64).clone(), labels.flatten().gt(Scalars.Of(0)).to(ScalarType.Float64));
    }

    /// <inheritdoc/>
    public void End()
    {
        using (NewDisposeScope())
        {
            Value = scores.Count == 0 ? double.NaN : Area(cat(scores).cpu().data<double>().ToArray(), cat(labels).cpu().data<double>().ToArray());
        }

        Clear();
    }

    // The rank-sum of Mann and Whitney: ties share the mean of their ranks.
    private static double Area(double[] scores, double[] positive)
    {
        Array.Sort(scores, positive);
        var (ranks, positives) = (0.0, positive.Sum());
        for (var (start, end) = (0, 0); start < scores.Length; start = end)
        {
            while (end < scores.Length && scores[end].Equals(scores[start]))
            {
                end++;
            }

            ranks += (start + 1 + end) / 2.0 * positive.AsSpan(start, end - start).ToArray().Sum();
        }

        var negatives = scores.Length - positives;
        return (ranks - (positives * (positives + 1) / 2)) / (positives * negatives);
    }

    private void Keep(Tensor batchScores, Tensor batchLabels)
    {
        scores.Add(batchScores.DetachFromDisposeScope());
        labels.Add(batchLabels.DetachFromDisposeScope());
    }

    private void Clear()
    {
        foreach (var tensor in scores.Concat(labels))
        {
            tensor.Dispose();
        }

        scores.Clear();
        labels.Clear();
    }
}

/// <summary>
/// The perplexity, <c>perplexity</c>: e to the mean cross-entropy of the tokens that count; logits <c>[N,T,C]</c> with class indices <c>[N,T]</c>, or <c>[N,C]</c> with <c>[N]</c>.
/// </summary>
/// <param name="ignoreIndex">The target of a position that does not count.</param>
public sealed class Perplexity(long ignoreIndex = -100) : MeanMetric("perplexity", higherIsBetter: false)
{
    /// <inheritdoc/>
    protected override Tensor Sum(Tensor outputs, Tensor labels) =>
        nn.functional.cross_entropy(outputs.flatten(0, -2), labels.flatten(), ignore_index: ignoreIndex, reduction: nn.Reduction.Sum);

    /// <inheritdoc/>
    protected override Tensor Counted(Tensor labels) => labels.ne(Scalars.Of(ignoreIndex)).sum();

    /// <inheritdoc/>
    protected override double Finish(double mean) => Math.Exp(mean);
}
