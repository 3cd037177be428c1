using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>
/// Targeted dropout: a linear map that drops, in training mode, only those of its weights that are smallest at the time, so that the network learns to
/// do without them and can be pruned (arXiv 1905.13678; docs/layers.md).
/// </summary>
/// <remarks>
/// Targets that stay are multiplied by 1/(1−p), which the paper leaves out: so eval mode without pruning is the linear map itself. The mask depends on the
/// weights alone, on no label, and is one for the batch.
/// </remarks>
/// <param name="inputSize">Number of inputs.</param>
/// <param name="outputSize">Number of outputs.</param>
/// <param name="p">Drop rate of targets in [0, 1]; the paper's α.</param>
/// <param name="target_share">Share of the weights that are targets, in [0, 1]; the paper's γ.</param>
/// <param name="units">Whether whole inputs are ranked and dropped (unit dropout) instead of single weights of each output.</param>
/// <param name="hasBias">Whether there is a bias; it is never dropped.</param>
/// <param name="device">Where the parameters live.</param>
/// <param name="dtype">Floating dtype of the parameters.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public sealed class TargetedDropoutLinear(
    long inputSize, long outputSize, double p = 0.5, double target_share = 0.5, bool units = false, bool hasBias = true, Device? device = null, ScalarType? dtype = null)
    : LinearDropoutModule(nameof(TargetedDropoutLinear), inputSize, outputSize, p, hasBias, device, dtype)
{
    private readonly double target_share = Check.Share(target_share);
    private readonly bool units = units;

    /// <summary>Whether eval mode leaves the targets out, which is how the paper scores; may be changed at any time. Default: false.</summary>
    public bool Prune { get; set; }

    /// <summary>False: the mask is one for the batch.</summary>
    public override bool DrawsForEachRow => false;

    private protected override string Settings => string.Create(CultureInfo.InvariantCulture, $"{base.Settings}, target_share={target_share}, units={units}");

    private protected override Tensor Train(Tensor input)
    {
        var targets = Targets();
        return nn.functional.linear(input, TargetedDropoutMath.Kept(weight, targets, TargetedDropoutMath.Mask(targets, p, generator), p), bias);
    }

    private protected override Tensor Evaluate(Tensor input) =>
        Prune ? nn.functional.linear(input, TargetedDropoutMath.Pruned(weight, Targets()), bias) : base.Evaluate(input);

    private Tensor Targets() => units ? TargetedDropoutMath.Units(weight, target_share) : TargetedDropoutMath.Weights(weight, target_share);
}

/// <summary>
/// Targeted dropout as pure functions on tensors (Gomez, Zhang, Kamalakara, Madaan, Swersky, Gal, Hinton: "Learning Sparse Networks Using Targeted Dropout",
/// arXiv 1905.13678). Masks are Bool; a target is a weight that may be dropped.
/// </summary>
public static class TargetedDropoutMath
{
    /// <summary>The targets: in each row the k = round(γ·in) weights of the smallest magnitude, halves to even.</summary>
    /// <param name="weight">W [out, in].</param>
    /// <param name="share">γ in [0, 1].</param>
    /// <returns>Bool [out, in], true for a target.</returns>
    /// <exception cref="ArgumentOutOfRangeException">share is out of range.</exception>
    public static Tensor Weights(Tensor weight, double share)
    {
        using var scope = NewDisposeScope();
        return Smallest(weight.detach().abs(), share).MoveToOuterDisposeScope();
    }

    /// <summary>The targets as whole inputs: the k = round(γ·in) columns of the smallest Euclidean norm.</summary>
    /// <param name="weight">W [out, in].</param>
    /// <param name="share">γ in [0, 1].</param>
    /// <returns>Bool [1, in], true for a target.</returns>
    /// <exception cref="ArgumentOutOfRangeException">share is out of range.</exception>
    public static Tensor Units(Tensor weight, double share)
    {
        using var scope = NewDisposeScope();
        return Smallest(weight.detach().pow(Scalars.Of(2)).sum(dim: 0L, keepdim: true), share).MoveToOuterDisposeScope();
    }

    /// <summary>Which weights are dropped: each target with probability p.</summary>
    /// <param name="targets">Bool [out, in] or [1, in].</param>
    /// <param name="p">Drop rate in [0, 1].</param>
    /// <param name="generator">Source of the draw; null takes the device's own.</param>
    /// <returns>Bool of the targets' shape, true where the weight is kept.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor Mask(Tensor targets, double p, Generator? generator = null)
    {
        using var scope = NewDisposeScope();
        return DropConnectMath.Mask(targets, p, generator: generator).logical_or(targets.logical_not()).MoveToOuterDisposeScope();
    }

    /// <summary>The weights of a training step: 0 where dropped, W/(1−p) where a target stays, W elsewhere.</summary>
    /// <param name="weight">W [out, in].</param>
    /// <param name="targets">Bool [out, in] or [1, in].</param>
    /// <param name="mask">Bool of the targets' shape, as <see cref="Mask"/> gives it.</param>
    /// <param name="p">Drop rate in [0, 1].</param>
    /// <returns>[out, in].</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor Kept(Tensor weight, Tensor targets, Tensor mask, double p)
    {
        using var scope = NewDisposeScope();
        var scale = mask.to(weight.dtype).masked_fill_(targets.logical_and(mask), Scalars.Of(ScaledMask.Scale(p)));
        return weight.mul(scale).MoveToOuterDisposeScope();
    }

    /// <summary>The weights without their targets, which are 0.</summary>
    /// <param name="weight">W [out, in].</param>
    /// <param name="targets">Bool [out, in] or [1, in].</param>
    /// <returns>[out, in].</returns>
    public static Tensor Pruned(Tensor weight, Tensor targets) => weight.masked_fill(targets, Scalars.Of(0));

    private static Tensor Smallest(Tensor magnitudes, double share)
    {
        Check.Share(share);
        var count = (long)Math.Round(share * magnitudes.size(1), MidpointRounding.ToEven);
        return NSDropoutMath.DropMask(magnitudes, count, keepLargest: true).logical_not();
    }
}

public static partial class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.TargetedDropoutLinear(long, long, double, double, bool, bool, Device?, ScalarType?)"/>
        public static TargetedDropoutLinear TargetedDropoutLinear(
            long inputSize, long outputSize, double p = 0.5, double target_share = 0.5, bool units = false, bool hasBias = true,
            Device? device = null, ScalarType? dtype = null) =>
            new(inputSize, outputSize, p, target_share, units, hasBias, device, dtype);
    }
}
