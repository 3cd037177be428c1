using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>
/// Standout: a linear map whose outputs are dropped at rates of their own, which the map itself decides: a unit is kept with probability
/// π = sigmoid(alpha·a + beta) for its output a = W·x + b, beta = log((1−p)/p) (Ba and Frey, NeurIPS 2013; docs/layers.md).
/// </summary>
/// <remarks>
/// Eval mode multiplies by π, as the paper does: what is kept in training is not scaled. The paper's unit is m∘f(a). For f = ReLU it makes no difference whether
/// the activation is in the layer or follows it, as max(m·a, 0) = m·max(a, 0); of another one the layer must know, by <paramref name="activation"/>.
/// </remarks>
/// <param name="inputSize">Number of inputs.</param>
/// <param name="outputSize">Number of outputs.</param>
/// <param name="p">Drop rate in [0, 1] of a unit whose a is 0, and of all where alpha is 0.</param>
/// <param name="alpha">How much rates depend on the units, a finite number: above 0 the more active units are kept more often.</param>
/// <param name="hasBias">Whether there is a bias.</param>
/// <param name="activation">f, which must return a new tensor; null: none.</param>
/// <param name="device">Where the parameters live.</param>
/// <param name="dtype">Floating dtype of the parameters.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public sealed class StandoutLinear(
    long inputSize, long outputSize, double p = 0.5, double alpha = 1, bool hasBias = true, Func<Tensor, Tensor>? activation = null, Device? device = null, ScalarType? dtype = null)
    : LinearDropoutModule(nameof(StandoutLinear), inputSize, outputSize, p, hasBias, device, dtype)
{
    /// <summary>How much rates depend on the units.</summary>
    public double alpha { get; } = double.IsFinite(alpha)
        ? alpha
        : throw new ArgumentOutOfRangeException(nameof(alpha), string.Create(CultureInfo.InvariantCulture, $"alpha must be a finite number, but got {alpha}."));

    private protected override string Settings => string.Create(CultureInfo.InvariantCulture, $"{base.Settings}, alpha={alpha}");

    private protected override Tensor Train(Tensor input)
    {
        var output = base.Evaluate(input);
        var mask = StandoutMath.Mask(StandoutMath.KeepRate(output.detach(), p, alpha), generator);
        return Activated(output).mul(mask.to(output.dtype));
    }

    private protected override Tensor Evaluate(Tensor input)
    {
        var output = base.Evaluate(input);
        return Activated(output).mul(StandoutMath.KeepRate(output, p, alpha));
    }

    private Tensor Activated(Tensor output) => activation is null ? output : activation(output);
}

/// <summary>
/// Standout as pure functions on tensors (Ba, Frey: "Adaptive dropout for training deep neural networks", NeurIPS 2013), with the weights of the rates those of the units,
/// which the paper found to do well.
/// </summary>
public static class StandoutMath
{
    /// <summary>The probability that a unit is kept, π = sigmoid(α·a + β) with β = log((1−p)/p).</summary>
    /// <param name="output">a, what the linear map gives.</param>
    /// <param name="p">Drop rate of a unit with a = 0, in [0, 1]; with 0 all π are 1, and with 1 they are 0.</param>
    /// <param name="alpha">α.</param>
    /// <returns>A tensor of output's shape and dtype.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor KeepRate(Tensor output, double p, double alpha)
    {
        using var scope = NewDisposeScope();
        Check.Share(p);
        return output.mul(Scalars.Of(alpha)).add(Scalars.Of(Math.Log((1 - p) / p)), Scalars.One).sigmoid().MoveToOuterDisposeScope();
    }

    /// <summary>Which units are kept.</summary>
    /// <param name="keepRate">π.</param>
    /// <param name="generator">Source of the draws; null takes the device's own.</param>
    /// <returns>Bool of its shape.</returns>
    public static Tensor Mask(Tensor keepRate, Generator? generator = null)
    {
        using var scope = NewDisposeScope();
        var uniform = Draws.Uniform(keepRate.shape, NSDropoutMath.StatisticsType(keepRate.dtype), keepRate.device, generator);
        return uniform.lt(keepRate).MoveToOuterDisposeScope();
    }
}

public static partial class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.StandoutLinear(long, long, double, double, bool, Func{Tensor, Tensor}?, Device?, ScalarType?)"/>
        public static StandoutLinear StandoutLinear(
            long inputSize, long outputSize, double p = 0.5, double alpha = 1, bool hasBias = true, Func<Tensor, Tensor>? activation = null, Device? device = null,
            ScalarType? dtype = null) =>
            new(inputSize, outputSize, p, alpha, hasBias, activation, device, dtype);
    }
}
