using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

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
/// <param name="p">Drop rate of weights in [0, 1]; with 1 the bias alone is left.</param>
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

    /// <summary>Whether each sample has a mask of its own, <see cref="DropConnectOptions.PerSample"/>.</summary>
    public override bool DrawsForEachRow => options.PerSample;

    private protected override Tensor Train(Tensor input)
    {
        long? rows = options.PerSample ? input.size(0) : null;
        var weightMask = DropConnectMath.Mask(weight, p, rows, generator);
        var biasMask = options.DropBias && bias is { } offset ? DropConnectMath.Mask(offset, p, rows, generator) : null;
        return Activated(DropConnectMath.Linear(input, weight, bias, weightMask, biasMask, p));
    }

    private protected override Tensor Evaluate(Tensor input)
    {
        if (options is not { Samples: { } samples, Activation: { } activation }) return Activated(base.Evaluate(input));
        var (mean, variance) = DropConnectMath.Moments(input, weight, bias, p, options.DropBias);
        return DropConnectMath.MatchMoments(mean, variance, activation, samples, generator);
    }

    private static DropConnectOptions Consistent(DropConnectOptions options) => options is { Samples: { } samples, Activation: null }
        ? throw new ArgumentException(
            Invariant($"Samples must come with an Activation, but got Samples = {samples} alone: the mean of a linear map needs no samples."), nameof(options))
        : options;

    private Tensor Activated(Tensor output) => options.Activation is { } activation ? activation(output) : output;
}

/// <summary>
/// DropConnect as pure functions on tensors (Wan, Zeiler, Zhang, LeCun, Fergus: "Regularization of Neural Networks using DropConnect", ICML 2013).
/// Masks are Bool, true where a weight is kept.
/// </summary>
public static class DropConnectMath
{
    /// <summary>Which weights (or biases) are kept, each with probability 1−p.</summary>
    /// <param name="like">The weights [out, in], or kernels [out, in, …], or biases [out].</param>
    /// <param name="p">Drop rate in [0, 1].</param>
    /// <param name="rows">Number of rows N for a mask of each sample; null for one of the batch.</param>
    /// <param name="generator">Source of the draw; null takes the device's own.</param>
    /// <returns>Bool of like's shape, or [N, …] of it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor Mask(Tensor like, double p, long? rows = null, Generator? generator = null)
    {
        Check.Share(p);
        long[] shape = rows is { } count ? [count, .. like.shape] : like.shape;
        return MaskBits.Keep(shape, p, like.device, generator);
    }

    /// <summary>The masked linear map, y_n = ((M_n ∘ W)·x_n + m_n ∘ b) / (1−p).</summary>
    /// <param name="input">[N, in].</param>
    /// <param name="weight">W [out, in].</param>
    /// <param name="bias">b [out], or null.</param>
    /// <param name="weightMask">M, [out, in] for the batch or [N, out, in] for each sample.</param>
    /// <param name="biasMask">m, [out] or [N, out]; null keeps all biases, unscaled.</param>
    /// <param name="p">Drop rate in [0, 1].</param>
    /// <returns>[N, out].</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor Linear(Tensor input, Tensor weight, Tensor? bias, Tensor weightMask, Tensor? biasMask, double p)
    {
        using var scope = NewDisposeScope();
        var kept = ScaledMask.Apply(weight, weightMask, p);
        var offset = bias is null || biasMask is null ? bias : ScaledMask.Apply(bias, biasMask, p);
        var output = kept.ndim == 2 ? input.mm(kept.t()) : kept.bmm(input.unsqueeze(2)).squeeze(2);
        return (offset is null ? output : output.add_(offset, Scalars.One)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Mean and variance of the masked linear map's output over the masks: the map itself, and
    /// v = p/(1−p)·((W∘W)·(x∘x) + b∘b), the last term where biases are dropped too.
    /// </summary>
    /// <param name="input">[N, in].</param>
    /// <param name="weight">W [out, in].</param>
    /// <param name="bias">b [out], or null.</param>
    /// <param name="p">Drop rate in [0, 1).</param>
    /// <param name="dropBias">Whether biases are dropped.</param>
    /// <returns>[N, out] each.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static (Tensor mean, Tensor variance) Moments(Tensor input, Tensor weight, Tensor? bias, double p, bool dropBias)
    {
        Check.Rate(p);
        using var scope = NewDisposeScope();
        var two = Scalars.Of(2);
        var squares = nn.functional.linear(input.pow(two), weight.pow(two), dropBias ? bias?.pow(two) : null);
        return (nn.functional.linear(input, weight, bias).MoveToOuterDisposeScope(), squares.mul(Scalars.Of(p / (1 - p))).MoveToOuterDisposeScope());
    }

    /// <summary>
    /// The paper's inference: the mean of a(u) over Z draws u ~ N(mean, variance), one after the other at memory N·out.
    /// </summary>
    /// <param name="mean">[N, out].</param>
    /// <param name="variance">[N, out].</param>
    /// <param name="activation">a.</param>
    /// <param name="samples">Z, at least 1.</param>
    /// <param name="generator">Source of the draws; null takes the device's own.</param>
    /// <returns>[N, out].</returns>
    /// <exception cref="ArgumentOutOfRangeException">samples is below 1.</exception>
    public static Tensor MatchMoments(Tensor mean, Tensor variance, Func<Tensor, Tensor> activation, int samples, Generator? generator = null)
    {
        Check.AtLeastOne(samples);
        using var scope = NewDisposeScope();
        var deviation = variance.sqrt();
        var sum = zeros_like(mean);
        for (var sample = 0; sample < samples; sample++)
        {
            using var draw = NewDisposeScope();
            var noise = Draws.Normal(mean.shape, mean.dtype, mean.device, generator);
            sum.add_(activation(noise.mul_(deviation).add_(mean, Scalars.One)), Scalars.One);
        }

        return sum.div_(Scalars.Of(samples)).MoveToOuterDisposeScope();
    }
}

/// <summary>Choices of a <see cref="DropConnectLinear"/>. Immutable; each value is checked where it is set.</summary>
public sealed record DropConnectOptions
{
    /// <summary>One mask per batch, biases kept, mean weights in eval mode.</summary>
    public static DropConnectOptions Default { get; } = new();

    /// <summary>
    /// Draws a mask of the weights for every sample, as in the paper, at memory N·out·in; false draws one for the batch, at memory out·in. Default: false.
    /// </summary>
    public bool PerSample { get; init; }

    /// <summary>Drops biases at the same rate as weights, as in the paper. Default: false.</summary>
    public bool DropBias { get; init; }

    /// <summary>
    /// Applied to the linear map's output in both modes, so that the layer ends with the paper's activation a; null: none. Default: null.
    /// It must return a new tensor.
    /// </summary>
    public Func<Tensor, Tensor>? Activation { get; init; }

    /// <summary>
    /// Draws Z of the paper's Gaussian moment matching in eval mode: the output is the mean of <see cref="Activation"/> over them. Null takes
    /// the mean weights instead. Eval mode refuses p = 1 then, as the variance has no bound. Default: null.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? Samples
    {
        get;
        init => field = value is null or >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), Invariant($"Samples must be at least 1, but got {value}."));
    }
}

public static partial class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.DropConnectLinear(long, long, double, bool, DropConnectOptions?, Device?, ScalarType?)"/>
        public static DropConnectLinear DropConnectLinear(
            long inputSize, long outputSize, double p = 0.5, bool hasBias = true, DropConnectOptions? options = null, Device? device = null, ScalarType? dtype = null) =>
            new(inputSize, outputSize, p, hasBias, options, device, dtype);
    }
}
