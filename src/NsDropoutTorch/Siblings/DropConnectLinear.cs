using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// DropConnect: a linear map that drops each of its weights with probability p in training mode, where dropout drops outputs
/// (Wan et al., ICML 2013; docs/layers.md).
/// </summary>
/// <remarks>
/// Kept weights are multiplied by 1/(1−p), which the paper leaves out: so the mean weights of eval mode are the weights as they are, and
/// the state of a trained layer gives the same outputs in TorchSharp's <c>Linear</c>.
/// </remarks>
/// <param name="inputSize">Number of inputs.</param>
/// <param name="outputSize">Number of outputs.</param>
/// <param name="p">Drop rate of weights in [0, 1).</param>
/// <param name="hasBias">Whether there is a bias.</param>
/// <param name="options">Choices; null takes <see cref="DropConnectOptions.Default"/>.</param>
/// <param name="device">Where the parameters live.</param>
/// <param name="dtype">Floating dtype of the parameters.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
/// <exception cref="ArgumentException">The options ask for samples without an activation.</exception>
public sealed class DropConnectLinear(
    long inputSize, long outputSize, double p = 0.5, bool hasBias = true, DropConnectOptions? options = null, Device? device = null, ScalarType? dtype = null)
    : LinearDropoutModule(nameof(DropConnectLinear), inputSize, outputSize, p, hasBias, device, dtype)
{
    private readonly DropConnectOptions options = Consistent(options ?? DropConnectOptions.Default);

    private protected override Tensor Train(Tensor input)
    {
        long? rows = options.PerSample ? input.size(0) : null;
        var weightMask = DropConnectMath.Mask(weight, p, rows);
        var biasMask = options.DropBias && bias is { } offset ? DropConnectMath.Mask(offset, p, rows) : null;
        return Activated(DropConnectMath.Linear(input, weight, bias, weightMask, biasMask, p));
    }

    private protected override Tensor Evaluate(Tensor input)
    {
        if (options is not { Samples: { } samples, Activation: { } activation }) return Activated(base.Evaluate(input));
        var (mean, variance) = DropConnectMath.Moments(input, weight, bias, p, options.DropBias);
        return DropConnectMath.MatchMoments(mean, variance, activation, samples);
    }

    private static DropConnectOptions Consistent(DropConnectOptions options) => options is { Samples: { } samples, Activation: null }
        ? throw new ArgumentException(
            Invariant($"Samples must come with an Activation, but got Samples = {samples} alone: the mean of a linear map needs no samples."), nameof(options))
        : options;

    private Tensor Activated(Tensor output) => options.Activation is { } activation ? activation(output) : output;
}
