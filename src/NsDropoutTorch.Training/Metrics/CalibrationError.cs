using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Metrics;

/// <summary>
/// The expected calibration error, <c>ece</c>: how far the confidence of a model, the probability of its answer, is from how often it is right. Samples are put into bins of equal width by their confidence, and
/// ECE = Σ n_b/N · |accuracy_b − confidence_b| (Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks", ICML 2017, arXiv 1706.04599). NaN where there is no sample, or a logit is NaN.
/// </summary>
/// <remarks>
/// Logits <c>[N,C]</c> with labels <c>[N]</c>, or <c>[N]</c> or <c>[N,1]</c> with labels 0 and 1 of N elements. Probabilities are given as their logarithms: the mean of a <see cref="MonteCarloPrediction"/> as <c>Mean.log()</c>. It is an
/// estimate from above: bins of few samples add their scatter to it, so compare models on the same samples and bins.
/// </remarks>
/// <param name="bins">Number of bins B; bin b holds confidences in (b/B, (b+1)/B].</param>
/// <param name="temperature">What logits are divided by before; <see cref="TemperatureScaling.Fit"/> finds it.</param>
/// <exception cref="ArgumentException">There is no bin, or the temperature is not above 0; or, when evaluated, shapes do not fit or a label is no class.</exception>
public sealed class CalibrationError(int bins = 15, double temperature = 1) : IScalarMetric
{
    private readonly int bins = (int)Require.AtLeast(1, bins, "number of bins");
    private readonly double temperature = Require.Positive(temperature, "temperature");

    // Of each bin: samples, sum of confidences, right answers. Two more cells take samples without a confidence, and without a class: to look for them in each batch would wait for the device.
    private Tensor? sums;

    /// <inheritdoc/>
    public string Name => "ece";

    /// <inheritdoc/>
    public bool HigherIsBetter => false;

    /// <inheritdoc/>
    public double Value { get; private set; } = double.NaN;

    /// <summary>The maximum calibration error: the largest gap of a bin with samples; NaN as <see cref="Value"/>.</summary>
    public double Largest { get; private set; } = double.NaN;

    /// <summary>The bins, for a reliability diagram, which a notebook shows; empty before the first evaluation.</summary>
    public IReadOnlyList<CalibrationBin> Bins { get; private set; } = [];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Gathered => sums is null ? ImmutableDictionary<string, Tensor>.Empty : new Dictionary<string, Tensor>(StringComparer.Ordinal) { [nameof(sums)] = sums };

    /// <inheritdoc/>
    public void Begin(Device device) => sums = zeros([3, bins + 2], ScalarType.Float64, device);

    /// <inheritdoc/>
    public void Resume(IReadOnlyDictionary<string, Tensor> gathered) => sums!.copy_(gathered[nameof(sums)]);

    /// <inheritdoc/>
    public void Add(Tensor outputs, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var logits = ClassLogits.Of(outputs, labels, "ece").detach().to(ScalarType.Float64).div(Scalars.Of(temperature));
        var classes = labels.flatten().to(ScalarType.Int64);
        var (confidences, answers) = logits.softmax(1).max(1);
        var isUnknown = confidences.isnan();
        var known = confidences.masked_fill(isUnknown, Scalars.Of(0));
        var cells = known.mul(Scalars.Of(bins)).ceil_().sub_(Scalars.Of(1)).clamp_(Scalars.Of(0), Scalars.Of(bins - 1)).masked_fill_(isUnknown, Scalars.Of(bins));
        cells.masked_fill_(classes.lt(Scalars.Of(0)).logical_or(classes.ge(Scalars.Of(logits.size(1)))), Scalars.Of(bins + 1));
        sums!.index_add_(1, cells.to(ScalarType.Int64), stack([ones_like(known), known, answers.eq(classes).to(ScalarType.Float64)]), alpha: Scalars.One);
    }

    /// <inheritdoc/>
    public void End()
    {
        double[][] read;
        using (NewDisposeScope())
        {
            read = [.. sums!.cpu().data<double>().ToArray().Chunk(bins + 2)];
        }

        sums = null;
        var (counts, confidences, right) = (read[0], read[1], read[2]);
        if (counts[bins + 1] > 0)
            throw Require.Broken(Invariant($"labels must be classes of the logits, but got {counts[bins + 1]} samples with others."));

        Bins = [.. Enumerable.Range(0, bins).Select(b => new CalibrationBin((double)b / bins, (b + 1.0) / bins, (long)counts[b], confidences[b] / counts[b], right[b] / counts[b]))];
        var filled = counts[bins] > 0 ? [] : Bins.Where(bin => bin.Count > 0).ToArray();
        var all = (double)filled.Sum(bin => bin.Count);
        Value = filled.Length == 0 ? double.NaN : filled.Sum(bin => bin.Count / all * Math.Abs(bin.Gap));
        Largest = filled.Length == 0 ? double.NaN : filled.Max(bin => Math.Abs(bin.Gap));
    }

    /// <summary>In a sentence.</summary>
    public override string ToString() => Bins.Count == 0
        ? "Nothing was measured yet."
        : Invariant($"Expected calibration error {Value:P2}, largest gap {Largest:P2}, of {Bins.Sum(bin => bin.Count)} samples in {bins} bins.");
}

/// <summary>The samples whose confidence is in (From, To]; the first bin has 0 as well.</summary>
/// <param name="From">Its lower end.</param>
/// <param name="To">Its upper end.</param>
/// <param name="Count">Number of samples.</param>
/// <param name="Confidence">Mean probability of their answers; NaN where there is no sample.</param>
/// <param name="Accuracy">Part of them that is right; NaN likewise.</param>
public sealed record CalibrationBin(double From, double To, long Count, double Confidence, double Accuracy)
{
    /// <summary>Confidence − Accuracy: above 0 where the model is too sure of itself.</summary>
    public double Gap => Confidence - Accuracy;
}

/// <summary>
/// Temperature scaling: one number by which all logits are divided, so that a trained model is as sure as it is right; its answers stay the same (Guo and others 2017, arXiv 1706.04599).
/// </summary>
public static class TemperatureScaling
{
    /// <summary>The lowest and the highest temperature that <see cref="Fit"/> gives.</summary>
    public const double Lowest = 0.01, Highest = 100;

    // Halves an interval of four decades to 13 digits.
    private const int Halvings = 50;

    /// <summary>
    /// The temperature in [<see cref="Lowest"/>, <see cref="Highest"/>] with the least cross-entropy. Fit it to samples that the model was not trained on and that do not score it. Where all answers are right it is the lowest.
    /// </summary>
    /// <param name="logits"><c>[N,C]</c>, or <c>[N]</c> or <c>[N,1]</c> of yes or no; N at least 1.</param>
    /// <param name="labels">Classes <c>[N]</c>.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, or there is no sample.</exception>
    public static double Fit(Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var z = ClassLogits.Of(logits, labels, "a temperature").detach().to(ScalarType.Float64);
        var right = z.gather(1, labels.flatten().to(ScalarType.Int64).unsqueeze(1)).squeeze(1);
        // The cross-entropy is convex in 1/T, and its derivative there is E(Σ p·z − z of the label).
        var (low, high) = (Math.Log(Lowest), Math.Log(Highest));
        for (var i = 0; i < Halvings; i++)
        {
            using var step = NewDisposeScope();
            var middle = (low + high) / 2;
            var isTooSure = z.mul(Scalars.Of(Math.Exp(-middle))).softmax(1).mul_(z).sum(1).sub_(right).mean().Number() > 0;
            (low, high) = isTooSure ? (middle, high) : (low, middle);
        }

        return Math.Exp((low + high) / 2);
    }
}

/// <summary>Logits of classes, whichever way they come.</summary>
internal static class ClassLogits
{
    /// <summary>[N,C]; single logits of yes or no become two.</summary>
    /// <exception cref="ArgumentException">They are of another shape, or there is not one label for each row.</exception>
    public static Tensor Of(Tensor logits, Tensor labels, string what)
    {
        var rows = logits.dim() == 0 ? 0 : logits.size(0);
        if (rows == 0 || logits.numel() != rows * (logits.dim() == 2 ? logits.size(1) : 1) || labels.dim() == 0 || labels.size(0) != rows || labels.numel() != rows)
        {
            throw Require.Broken(
                $"{what} needs logits [N,C], [N] or [N,1] with labels of N elements, N at least 1, but got [{string.Join(',', logits.shape)}] and [{string.Join(',', labels.shape)}].");
        }

        if (logits.numel() > rows) return logits;
        var single = logits.flatten();
        return stack([zeros_like(single), single], 1);
    }
}
