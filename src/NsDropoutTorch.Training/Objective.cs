using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>What training minimises, and what it counts as an error.</summary>
/// <param name="Loss">From outputs and targets of a batch to the mean loss over the targets that count, a scalar tensor.</param>
/// <param name="CountErrors">
/// From outputs and targets of a batch to the number of targets that are missed, a scalar tensor; null where nothing is right or wrong, as in regression: then errors are not
/// measured, and what looks for the best epoch goes by the loss.
/// </param>
public sealed record Objective(Func<Tensor, Tensor, Tensor> Loss, Func<Tensor, Tensor, Tensor>? CountErrors = null)
{
    /// <summary>From the targets of a batch to how many of them count, a scalar tensor; null: one for each sample.</summary>
    public Func<Tensor, Tensor>? CountTargets { get; init; }

    /// <summary>
    /// Cross entropy of logits <c>[N,C]</c> with class indices <c>[N]</c>; a sample is wrong when the largest logit is not that of its label.
    /// </summary>
    public static Objective Classification { get; } = new(
        static (logits, labels) => nn.functional.cross_entropy(logits, labels),
        static (logits, labels) => HostErrors.Count(logits, labels));

    /// <summary>
    /// Binary cross entropy of logits with targets 0 and 1 of the same shape: <c>[N]</c> or <c>[N,1]</c> for two classes, <c>[N,L]</c> for L labels that are independent of each
    /// other. Each of them counts, and is wrong when its logit is on the other side of 0.
    /// </summary>
    public static Objective Binary { get; } = new(
        static (logits, targets) => nn.functional.binary_cross_entropy_with_logits(logits, Shapes.Same(logits, targets).to(logits.dtype)),
        static (logits, targets) => logits.gt(Scalars.Of(0)).ne(targets.gt(Scalars.Of(0))).sum())
    {
        CountTargets = static targets => full([], Scalars.Of(targets.numel()), ScalarType.Int64, targets.device),
    };

    /// <summary>Mean squared error of outputs and targets of the same shape.</summary>
    public static Objective Regression { get; } = new(static (outputs, targets) => nn.functional.mse_loss(outputs, Shapes.Same(outputs, targets)));

    /// <summary>Mean absolute error of outputs and targets of the same shape, which outliers pull less.</summary>
    public static Objective AbsoluteRegression { get; } = new(static (outputs, targets) => nn.functional.l1_loss(outputs, Shapes.Same(outputs, targets)));

    /// <summary>Huber's loss of outputs and targets of the same shape: squared for differences up to <paramref name="delta"/>, linear beyond.</summary>
    /// <param name="delta">Where it becomes linear, above 0.</param>
    /// <exception cref="ArgumentException"><paramref name="delta"/> is not above 0.</exception>
    public static Objective HuberRegression(double delta = 1)
    {
        Require.Positive(delta, "delta");
        return new((outputs, targets) => nn.functional.huber_loss(outputs, Shapes.Same(outputs, targets), delta));
    }

    /// <summary>
    /// Cross entropy at every position of a sequence: logits <c>[N,T,C]</c>, class indices <c>[N,T]</c>. Positions whose target is <paramref name="ignoreIndex"/>, padding for
    /// instance, count neither in the loss nor as right or wrong.
    /// </summary>
    /// <param name="ignoreIndex">The target of a position that does not count.</param>
    public static Objective TokenClassification(long ignoreIndex = -100) => Positions(static logits => logits.transpose(1, 2), ignoreIndex);

    /// <summary>
    /// Cross entropy at every pixel: logits <c>[N,C,H,W]</c>, class indices <c>[N,H,W]</c>. Pixels whose target is <paramref name="ignoreIndex"/> count neither in the loss nor as
    /// right or wrong.
    /// </summary>
    /// <param name="ignoreIndex">The target of a pixel that does not count.</param>
    public static Objective PixelClassification(long ignoreIndex = -100) => Positions(static logits => logits, ignoreIndex);

    /// <summary>What a batch gives by this objective.</summary>
    internal StepResult Measure(Tensor outputs, Tensor targets)
    {
        var loss = Loss(outputs, targets);
        using var noGradients = no_grad();
        return new(loss) { Count = targets.size(0), Targets = CountTargets?.Invoke(targets), Errors = CountErrors?.Invoke(outputs, targets) };
    }

    // The sum is divided here, since the mean over no position at all is no number.
    private static Objective Positions(Func<Tensor, Tensor> classesSecond, long ignoreIndex) => new(
        (logits, targets) => nn.functional.cross_entropy(classesSecond(logits), targets, ignore_index: ignoreIndex, reduction: nn.Reduction.Sum) / targets.ne(Scalars.Of(ignoreIndex)).sum().clamp_min(Scalars.Of(1)),
        (logits, targets) => classesSecond(logits).argmax(1).ne(targets).logical_and_(targets.ne(Scalars.Of(ignoreIndex))).sum())
    {
        CountTargets = targets => targets.ne(Scalars.Of(ignoreIndex)).sum(),
    };
}

/// <summary>How a model does on data it was not fitted to.</summary>
/// <param name="Loss">Mean loss over the targets that count, without penalties.</param>
/// <param name="Error">Part of the targets that are missed, in [0, 1]; NaN where the objective counts no errors.</param>
/// <param name="Count">Number of samples.</param>
public sealed record Evaluation(double Loss, double Error, long Count);
