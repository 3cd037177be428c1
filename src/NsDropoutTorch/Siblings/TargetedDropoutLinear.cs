using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

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
/// <param name="p">Drop rate of targets in [0, 1); the paper's α.</param>
/// <param name="targetShare">Share of the weights that are targets, in [0, 1]; the paper's γ.</param>
/// <param name="units">Whether whole inputs are ranked and dropped (unit dropout) instead of single weights of each output.</param>
/// <param name="hasBias">Whether there is a bias; it is never dropped.</param>
/// <param name="device">Where the parameters live.</param>
/// <param name="dtype">Floating dtype of the parameters.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public sealed class TargetedDropoutLinear(
    long inputSize, long outputSize, double p = 0.5, double targetShare = 0.5, bool units = false, bool hasBias = true, Device? device = null, ScalarType? dtype = null)
    : LinearDropoutModule(nameof(TargetedDropoutLinear), inputSize, outputSize, p, hasBias, device, dtype)
{
    private readonly double targetShare = Check.Share(targetShare);
    private readonly bool units = units;

    /// <summary>Whether eval mode leaves the targets out, which is how the paper scores; may be changed at any time. Default: false.</summary>
    public bool Prune { get; set; }

    private protected override string Settings => string.Create(CultureInfo.InvariantCulture, $"{base.Settings}, targetShare={targetShare}, units={units}");

    private protected override Tensor Train(Tensor input)
    {
        var targets = Targets();
        return nn.functional.linear(input, TargetedDropoutMath.Kept(weight, targets, TargetedDropoutMath.Mask(targets, p), p), bias);
    }

    private protected override Tensor Evaluate(Tensor input) =>
        Prune ? nn.functional.linear(input, TargetedDropoutMath.Pruned(weight, Targets()), bias) : base.Evaluate(input);

    private Tensor Targets() => units ? TargetedDropoutMath.Units(weight, targetShare) : TargetedDropoutMath.Weights(weight, targetShare);
}
