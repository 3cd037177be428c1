using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Metrics;

/// <summary>The mean absolute error, <c>mae</c>, over all elements of outputs and targets of the same shape <c>[N,…]</c>.</summary>
public sealed class MeanAbsoluteError() : MeanMetric("mae", higherIsBetter: false)
{
    /// <inheritdoc/>
    protected override Tensor Sum(Tensor outputs, Tensor labels) => outputs.sub(Shapes.Same(outputs, labels)).abs_().mean().mul(Scalars.Of(labels.shape[0]));
}

/// <summary>The root of the mean squared error, <c>rmse</c>, over all elements of outputs and targets of the same shape <c>[N,…]</c>.</summary>
public sealed class RootMeanSquaredError() : MeanMetric("rmse", higherIsBetter: false)
{
    /// <inheritdoc/>
    protected override Tensor Sum(Tensor outputs, Tensor labels) => outputs.sub(Shapes.Same(outputs, labels)).pow(Scalars.Of(2)).mean().mul(Scalars.Of(labels.shape[0]));

    /// <inheritdoc/>
    protected override double Finish(double mean) => Math.Sqrt(mean);
}

/// <summary>
/// The coefficient of determination, <c>r2</c> = 1 − Σ(y − ŷ)² / Σ(y − ȳ)², over all elements of outputs and targets of the same shape <c>[N,…]</c>: 1 is perfect, 0 is what the
/// mean of the targets would get. NaN where all targets are equal.
/// </summary>
public sealed class R2Score : IScalarMetric
{
    // Count, mean and sum of squared deviations of the targets, and the sum of squared errors.
    private Tensor? sums;

    /// <inheritdoc/>
    public string Name => "r2";

    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public double Value { get; private set; } = double.NaN;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Gathered => sums is null ? ImmutableDictionary<string, Tensor>.Empty : new Dictionary<string, Tensor>(StringComparer.Ordinal) { [nameof(sums)] = sums };

    /// <inheritdoc/>
    public void Begin(Device device) => sums = zeros(4, ScalarType.Float64, device);

    /// <inheritdoc/>
    public void Resume(IReadOnlyDictionary<string, Tensor> gathered) => sums!.copy_(gathered[nameof(sums)]);

    /// <inheritdoc/>
    public void Add(Tensor outputs, Tensor labels)
    {
        // Deviations of parts are joined as Chan, Golub and LeVeque do (1983): sums of squares would cancel where the mean is large.
        using var scope = NewDisposeScope();
        var targets = Shapes.Same(outputs, labels).to(ScalarType.Float64);
        var (count, mean) = (targets.numel(), targets.mean());
        var (before, difference) = (sums![0].clone(), mean - sums[1]);
        sums[0].add_(Scalars.Of(count), Scalars.One);
        sums[1].add_(difference.mul(Scalars.Of(count)) / sums[0], Scalars.One);
        sums[2].add_((targets - mean).pow(Scalars.Of(2)).sum().add_(difference.pow(Scalars.Of(2)) * before * Scalars.Of(count) / sums[0], Scalars.One), Scalars.One);
        sums[3].add_((outputs.to(ScalarType.Float64) - targets).pow(Scalars.Of(2)).sum(), Scalars.One);
    }

    /// <inheritdoc/>
    public void End()
    {
        var read = sums!.cpu().data<double>();
        Value = read[2] == 0 ? double.NaN : 1 - (read[3] / read[2]);
        sums = null;
    }
}

/// <summary>Shapes that must be the same.</summary>
internal static class Shapes
{
    /// <exception cref="ArgumentException">Outputs and targets differ in shape; <c>[N,1]</c> beside <c>[N]</c> would spread to <c>[N,N]</c> in silence.</exception>
    public static Tensor Same(Tensor outputs, Tensor targets) => outputs.shape.AsSpan().SequenceEqual(targets.shape) ? targets : throw Require.Broken(
        $"outputs and targets must have the same shape, but got [{string.Join(", ", outputs.shape)}] and [{string.Join(", ", targets.shape)}]; add the dimension to the targets by unsqueeze(1), or take it off the outputs by a last nn.Flatten(0).");
}
