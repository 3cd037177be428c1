using NsDropoutTorch;
using NsDropoutTorch.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SuddenDrops;

/// <summary>What one step did, for the last step of an epoch.</summary>
/// <param name="GradientNorm">Euclidean norm of the gradient, penalty included.</param>
/// <param name="RelativeUpdate">Norm of the step by that of the weights.</param>
/// <param name="Divisor">Median of √v̂, by which Adam divides.</param>
/// <param name="Flipped">Part of the entries of the class masks that changed since the epoch before.</param>
/// <param name="MasksAgree">Mean over pairs of classes of the part of dropped neurons that both drop; NaN without masks.</param>
/// <param name="Stability">η times the sharpness that Adam's divisors leave, by 38, from which on a quadratic loss diverges under Adam with β₁ = 0.9; NaN where not measured.</param>
internal sealed record StepRecord(double GradientNorm, double RelativeUpdate, double Divisor, double Flipped, double MasksAgree, double Stability);

/// <summary>Looks at the steps of a run. It keeps second moments of its own, which are the optimizer's to rounding.</summary>
/// <param name="variant">What is trained.</param>
/// <param name="sharpness">Measures the sharpness; null: it is not measured.</param>
internal sealed class StepLog(Variant variant, Sharpness? sharpness) : Callback, IDisposable
{
    private readonly List<StepRecord> records = [];
    private Tensor[] squares = [], before = [], masks = [];
    private double relativeUpdate, gradientNorm;

    /// <summary>One record for each epoch.</summary>
    public IReadOnlyList<StepRecord> Records => records;

    public override void OnFitBegin(FitContext context) => squares = [.. context.Model.parameters().Select(parameter => zeros_like(parameter).DetachFromDisposeScope())];

    public override void OnEpochBegin(FitContext context)
    {
        foreach (var masked in Network.MasksOf(context.Model)) masked.IsFrozen = variant.FreezeAfter is { } epoch && context.Epoch >= epoch;
    }

    public override void OnStepBegin(FitContext context)
    {
        if (IsLast(context, 1)) Replace(ref before, context.Model.parameters());
    }

    public override void OnStepEnd(FitContext context)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var parameters = context.Model.parameters().ToArray();
        foreach (var (square, parameter) in squares.Zip(parameters)) square.mul_(variant.Beta2).addcmul_(parameter.grad!, parameter.grad!, 1 - variant.Beta2);
        if (!IsLast(context, 0)) return;
        gradientNorm = Norm(parameters.Select(parameter => parameter.grad!));
        relativeUpdate = Norm(parameters.Zip(before, (now, then) => now - then)) / Norm(parameters);
    }

    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        using var scope = NewDisposeScope();
        var correction = 1 - Math.Pow(variant.Beta2, context.Iteration);
        Tensor[] divisors = [.. squares.Select(square => square.div(correction).sqrt_())];
        var now = Network.MasksOf(context.Model).Select(masked => masked.Layer.class_masks).ToArray();
        var flipped = masks.Length == 0 ? double.NaN : now.Zip(masks, (mask, old) => mask.ne(old).to(ScalarType.Float64).mean().item<double>()).Average();
        Replace(ref masks, now);
        var stability = sharpness is null ? double.NaN
            : context.LearningRate * sharpness.Of((Sequential)context.Model, [.. divisors.Select(divisor => divisor.add_(variant.Eps))]) * (1 - variant.Beta1) / (2 * (1 + variant.Beta1));
        records.Add(new(gradientNorm, relativeUpdate, cat([.. divisors.Select(divisor => divisor.flatten())]).median().item<float>(), flipped, Agreement(now), stability));
    }

    public void Dispose()
    {
        foreach (var tensor in squares.Concat(before).Concat(masks)) tensor.Dispose();
    }

    private static bool IsLast(FitContext context, int ahead) => (context.Iteration + ahead) % context.StepsPerEpoch == 0;

    private static double Norm(IEnumerable<Tensor> tensors) => Math.Sqrt(tensors.Sum(tensor => Math.Pow(tensor.norm().item<float>(), 2)));

    private static void Replace(ref Tensor[] kept, IEnumerable<Tensor> by)
    {
        Array.ForEach(kept, tensor => tensor.Dispose());
        kept = [.. by.Select(tensor => tensor.detach().clone().DetachFromDisposeScope())];
    }

    private static double Agreement(Tensor[] masks) => masks.Length == 0 ? double.NaN : masks.Average(mask =>
    {
        var dropped = mask.logical_not().to(ScalarType.Float64);
        var (classes, common) = (dropped.size(0), dropped.mm(dropped.t()));
        var each = common.diag().mean().item<double>();
        return each == 0 ? double.NaN : (common.sum().item<double>() - (classes * each)) / (classes * (classes - 1) * each);
    });
}
