using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>
/// Gaussian dropout: multiplies each element by a draw from N(1, p/(1−p)) in training mode, so that mean and variance are those of dropout at rate p
/// (Srivastava et al., JMLR 2014; docs/layers.md). The rate is fixed; <see cref="VariationalDropout"/> learns it.
/// </summary>
/// <remarks>A factor may be negative, and at large p is often.</remarks>
/// <param name="p">Drop rate in [0, 1) of the dropout that it resembles.</param>
/// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
public sealed class GaussianDropout(double p = 0.5)
    : DropoutModule(nameof(GaussianDropout), p)
{
    private protected override Tensor Train(Tensor input)
    {
        var noise = GaussianDropoutMath.Noise(input, generator);
        var deviation = tensor(Math.Sqrt(GaussianDropoutMath.Alpha(p)), noise.dtype, noise.device);
        return GaussianDropoutMath.Apply(input, deviation, noise);
    }
}

/// <summary>
/// Gaussian dropout as pure functions on tensors: factors drawn from N(1, α), α = p/(1−p), whose mean and variance are those of a scaled dropout mask
/// (Srivastava et al., JMLR 2014, section 10), and the KL term that lets α be learned (Kingma, Salimans, Welling:
/// "Variational Dropout and the Local Reparameterization Trick", NeurIPS 2015, arXiv 1506.02557).
/// </summary>
public static class GaussianDropoutMath
{
    /// <summary>The variance of the noise, α = p/(1−p).</summary>
    /// <param name="p">Drop rate in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static double Alpha(double p)
    {
        Check.Rate(p);
        return p / (1 - p);
    }

    /// <summary>Multiplies by noise, y = x·(1 + √α·ε).</summary>
    /// <param name="input">x.</param>
    /// <param name="deviation">√α, a scalar.</param>
    /// <param name="noise">ε, standard normal draws of a shape that spreads over input's.</param>
    /// <returns>A new tensor of input's shape and dtype.</returns>
    public static Tensor Apply(Tensor input, Tensor deviation, Tensor noise)
    {
        using var scope = NewDisposeScope();
        return input.mul(noise.mul(deviation).add(Scalars.Of(1), Scalars.One).to(input.dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>Standard normal draws for an input, in Float32 or wider.</summary>
    /// <param name="input">Gives shape and device.</param>
    /// <param name="generator">Source of the draws; null takes the device's own.</param>
    /// <returns>A tensor of input's shape.</returns>
    public static Tensor Noise(Tensor input, Generator? generator = null) =>
        Draws.Normal(input.shape, NSDropoutMath.StatisticsType(input.dtype), input.device, generator);

    /// <summary>
    /// The divergence of N(1, α) from the log-uniform prior, up to a constant: KL ≈ −(½·log α + 1.16145124·α − 1.50204118·α² + 0.58629921·α³).
    /// </summary>
    /// <param name="alpha">α in (0, 1], where the paper's approximation holds.</param>
    /// <returns>A tensor of alpha's shape, in nats.</returns>
    public static Tensor Divergence(Tensor alpha)
    {
        using var scope = NewDisposeScope();
        var polynomial = alpha.mul(Scalars.Of(0.58629921)).sub(Scalars.Of(1.50204118)).mul(alpha).add(Scalars.Of(1.16145124), Scalars.One).mul(alpha);
        return alpha.log().mul(Scalars.Of(0.5)).add(polynomial, Scalars.One).neg().MoveToOuterDisposeScope();
    }
}

public static partial class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.GaussianDropout(double)"/>
        public static GaussianDropout GaussianDropout(double p = 0.5) => new(p);
    }
}
