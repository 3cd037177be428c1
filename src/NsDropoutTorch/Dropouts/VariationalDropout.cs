using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>
/// Variational dropout of Kingma, Salimans and Welling with correlated weight noise (arXiv 1506.02557, section 3.2): Gaussian dropout of the layer's
/// input whose variance α, one for the layer, is learned with a KL term in the loss (docs/layers.md).
/// </summary>
/// <remarks>
/// The approximation of the KL term holds for α ≤ 1, so α = sigmoid(logit), and the rate p = α/(1+α) stays below 1/2. It is not the variational dropout of
/// recurrent networks (Gal and Ghahramani 2016), which shares masks over time.
/// </remarks>
/// <param name="num_features">Number of features F, the elements of the input's last dimensions: [N, F], [N, T, F], or [N, C, H, W] with F = C·H·W.</param>
/// <param name="p">Drop rate to start from, in (0, 0.5).</param>
/// <param name="divergence_weight">Factor on the KL term F·KL(α), at least 0: 1/N for N training samples and a mean loss.</param>
/// <param name="device">Where the parameter lives.</param>
/// <param name="dtype">Floating dtype of the parameter.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public sealed class VariationalDropout(
    long num_features, double p = 0.1, double divergence_weight = 1e-5, Device? device = null, ScalarType? dtype = null)
    : VariationalDropoutModule(nameof(VariationalDropout), channels: false, num_features, p, Check.Factor(divergence_weight), device, dtype);

/// <summary><see cref="VariationalDropout"/> of whole channels, as <c>Dropout2d</c> is to <c>Dropout</c>: one draw of noise for each channel of a sample, at all its positions.</summary>
/// <param name="num_features">Number of channels F of the input [N, F, …], which is also the number of units of the KL term.</param>
/// <param name="p">Drop rate to start from, in (0, 0.5).</param>
/// <param name="divergence_weight">Factor on the KL term F·KL(α), at least 0: 1/N for N training samples and a mean loss.</param>
/// <param name="device">Where the parameter lives.</param>
/// <param name="dtype">Floating dtype of the parameter.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public sealed class VariationalDropout2d(
    long num_features, double p = 0.1, double divergence_weight = 1e-5, Device? device = null, ScalarType? dtype = null)
    : VariationalDropoutModule(nameof(VariationalDropout2d), channels: true, num_features, p, Check.Factor(divergence_weight), device, dtype);

/// <summary>What <see cref="VariationalDropout"/> and <see cref="VariationalDropout2d"/> share, which is all but the shape of their noise.</summary>
public abstract class VariationalDropoutModule : LearnedDropoutModule
{
    private readonly double divergence_weight;

    private protected VariationalDropoutModule(
        string name, bool channels, long num_features, double p, double divergence_weight, Device? device, ScalarType? dtype)
        : base(name, channels, num_features, p, static p => GaussianDropoutMath.Alpha(Check.OpenRate(p, below: 0.5)), device, dtype) => this.divergence_weight = divergence_weight;

    /// <summary>The variance of the noise, α = p/(1−p), as a new scalar tensor in the graph of <see cref="LearnedDropoutModule.logit"/>.</summary>
    public Tensor Alpha()
    {
        using var scope = NewDisposeScope();
        return WideLogit().sigmoid().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Rate()
    {
        using var scope = NewDisposeScope();
        var alpha = Alpha();
        return alpha.div(alpha.add(Scalars.Of(1), Scalars.One)).MoveToOuterDisposeScope();
    }

    /// <summary>The KL term F·<see cref="GaussianDropoutMath.Divergence"/> times its factor.</summary>
    /// <inheritdoc/>
    public override Tensor Regularization()
    {
        using var scope = NewDisposeScope();
        return GaussianDropoutMath.Divergence(Alpha()).mul(Scalars.Of(divergence_weight * num_features)).MoveToOuterDisposeScope();
    }

    private protected override Tensor Train(Tensor input)
    {
        var noise = Draws.Normal(DrawShape(input), NSDropoutMath.StatisticsType(input.dtype), input.device, generator);
        return GaussianDropoutMath.Apply(input, Alpha().sqrt(), noise);
    }
}

public static partial class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.VariationalDropout(long, double, double, Device?, ScalarType?)"/>
        public static VariationalDropout VariationalDropout(
            long num_features, double p = 0.1, double divergence_weight = 1e-5, Device? device = null, ScalarType? dtype = null) =>
            new(num_features, p, divergence_weight, device, dtype);

        /// <inheritdoc cref="NsDropoutTorch.Dropouts.VariationalDropout2d(long, double, double, Device?, ScalarType?)"/>
        public static VariationalDropout2d VariationalDropout2d(
            long num_features, double p = 0.1, double divergence_weight = 1e-5, Device? device = null, ScalarType? dtype = null) =>
            new(num_features, p, divergence_weight, device, dtype);
    }
}
