using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using System.Globalization;

namespace NsDropoutTorch.Dropouts;

/// <summary>
/// Concrete dropout: dropout that learns its rate p by gradient descent, through a relaxed mask and a term in the loss (arXiv 1705.07832; docs/layers.md).
/// </summary>
/// <remarks>
/// <code>
/// var output = torch.nn.Linear(128, 10);
/// var drop = torch.nn.ConcreteDropout(128, options: new ConcreteDropoutOptions { Next = output });
/// var model = torch.nn.Sequential(torch.nn.Linear(784, 128), torch.nn.ReLU(), drop, output);
/// loss = cross_entropy(model.call(x), labels) + drop.Regularization();            // the trainer adds the term by itself
/// </code>
/// </remarks>
/// <param name="num_features">Number of features F, the elements of the input's last dimensions: [N, F], [N, T, F], or [N, C, H, W] with F = C·H·W.</param>
/// <param name="p">Drop rate to start from, in (0, 1).</param>
/// <param name="options">Choices; null takes <see cref="ConcreteDropoutOptions.Default"/>.</param>
/// <param name="device">Where the parameter lives.</param>
/// <param name="dtype">Floating dtype of the parameter.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
/// <exception cref="ArgumentException">The next layer is no linear one, or takes another number of features.</exception>
public sealed class ConcreteDropout(
    long num_features, double p = 0.1, ConcreteDropoutOptions? options = null, Device? device = null, ScalarType? dtype = null)
    : ConcreteDropoutModule(nameof(ConcreteDropout), channels: false, num_features, p, NextLayer.OfFeatures(options, num_features), device, dtype);

/// <summary>
/// <see cref="ConcreteDropout"/> of whole channels, as <c>Dropout2d</c> is to <c>Dropout</c>: one draw for each channel of a sample, at all its positions. The entropy counts the
/// channels, as the paper's code for convolutions does.
/// </summary>
/// <param name="num_features">Number of channels F of the input [N, F, …].</param>
/// <param name="p">Drop rate to start from, in (0, 1).</param>
/// <param name="options">Choices; null takes <see cref="ConcreteDropoutOptions.Default"/>.</param>
/// <param name="device">Where the parameter lives.</param>
/// <param name="dtype">Floating dtype of the parameter.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
/// <exception cref="ArgumentException">The next layer is neither a convolution nor a linear layer, or takes another number of channels.</exception>
public sealed class ConcreteDropout2d(
    long num_features, double p = 0.1, ConcreteDropoutOptions? options = null, Device? device = null, ScalarType? dtype = null)
    : ConcreteDropoutModule(nameof(ConcreteDropout2d), channels: true, num_features, p, NextLayer.OfChannels(options, num_features), device, dtype);

/// <summary>What <see cref="ConcreteDropout"/> and <see cref="ConcreteDropout2d"/> share, which is all but the shape of their masks.</summary>
public abstract class ConcreteDropoutModule : LearnedDropoutModule
{
    private readonly ConcreteDropoutOptions options;

    private protected ConcreteDropoutModule(
        string name, bool channels, long num_features, double p, ConcreteDropoutOptions options, Device? device, ScalarType? dtype)
        : base(name, channels, num_features, p, static p => Check.OpenRate(p, below: 1), device, dtype) => this.options = options;

    /// <inheritdoc/>
    public override Tensor Rate()
    {
        using var scope = NewDisposeScope();
        return WideLogit().sigmoid().MoveToOuterDisposeScope();
    }

    /// <summary><see cref="ConcreteDropoutMath.Regularization"/> of this layer and the next.</summary>
    /// <inheritdoc/>
    public override Tensor Regularization()
    {
        using var scope = NewDisposeScope();
        var term = ConcreteDropoutMath.Regularization(
            WideLogit(), num_features, NextLayer.WeightOf(options.Next), options.WeightRegularizer, options.DropoutRegularizer);
        return term.MoveToOuterDisposeScope();
    }

    private protected override Tensor Train(Tensor input)
    {
        var uniform = Draws.Uniform(DrawShape(input), NSDropoutMath.StatisticsType(input.dtype), input.device, generator);
        return input.mul(ConcreteDropoutMath.Mask(WideLogit(), uniform, options.Temperature).to(input.dtype));
    }
}

/// <summary>The layer with weights that takes a dropout's outputs.</summary>
internal static class NextLayer
{
    public static ConcreteDropoutOptions OfFeatures(ConcreteDropoutOptions? options, long numFeatures)
    {
        options ??= ConcreteDropoutOptions.Default;
        return options.Next switch
        {
            null => options,
            Linear linear => linear.in_features == numFeatures ? options : throw Broken(options, $"take the layer's {numFeatures} features, but takes {linear.in_features}."),
            Convolution { transposed: false } other => throw Broken(options, $"be a Linear, but got {other.GetType().Name}: before a convolution take ConcreteDropout2d."),
            var other => throw Broken(options, $"be a Linear, but got {other.GetType().Name}."),
        };
    }

    // A linear layer takes the positions of all channels, flattened.
    public static ConcreteDropoutOptions OfChannels(ConcreteDropoutOptions? options, long numChannels)
    {
        options ??= ConcreteDropoutOptions.Default;
        return options.Next switch
        {
            null => options,
            Linear linear => linear.in_features % numChannels == 0 ? options
                : throw Broken(options, $"take the positions of the layer's {numChannels} channels, a multiple of {numChannels}, but takes {linear.in_features}."),
            Convolution { transposed: false } convolution => convolution.in_channels == numChannels ? options
                : throw Broken(options, $"take the layer's {numChannels} channels, but takes {convolution.in_channels}."),
            var other => throw Broken(options, $"be a Linear, Conv1d, Conv2d or Conv3d, but got {other.GetType().Name}."),
        };
    }

    public static Tensor? WeightOf(nn.Module? next) => next switch
    {
        Linear linear => linear.weight,
        Convolution convolution => convolution.weight,
        _ => null,
    };

    private static ArgumentException Broken(ConcreteDropoutOptions options, FormattableString rule) => new($"Next must {FormattableString.Invariant(rule)}", nameof(options));
}

/// <summary>
/// Concrete dropout as pure functions on tensors (Gal, Hron, Kendall: "Concrete Dropout", NeurIPS 2017, arXiv 1705.07832).
/// The rate is given by its logit l, p = sigmoid(l), which keeps log p − log(1−p) exact near 0 and 1.
/// </summary>
public static class ConcreteDropoutMath
{
    /// <summary>
    /// The relaxed mask scaled like a dropout mask, (1 − sigmoid((l + log u − log(1−u))/t)) / (1 − p): near 0 or 1/(1−p) for a small t, and
    /// smooth in l. Its expectation is 1 as t goes to 0.
    /// </summary>
    /// <param name="logit">l, a scalar.</param>
    /// <param name="uniform">u, draws in [0, 1) of the mask's shape.</param>
    /// <param name="temperature">t, above 0.</param>
    /// <returns>A tensor of uniform's shape.</returns>
    public static Tensor Mask(Tensor logit, Tensor uniform, double temperature)
    {
        using var scope = NewDisposeScope();
        var kept = uniform.logit().add(logit, Scalars.One).div(Scalars.Of(-temperature)).sigmoid();
        return kept.div(logit.neg().sigmoid()).MoveToOuterDisposeScope();
    }

    /// <summary>The entropy of a Bernoulli(p) in nats, H = −p·log p − (1−p)·log(1−p) = softplus(l) − l·p.</summary>
    /// <param name="logit">l, a scalar.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Entropy(Tensor logit)
    {
        using var scope = NewDisposeScope();
        return nn.functional.softplus(logit).sub(logit.mul(logit.sigmoid())).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The paper's KL term for weights W that take inputs scaled by 1/(1−p): λ_w·ΣW²/(1−p) − λ_d·F·H(p). (The paper writes (1−p)·ΣM² with the
    /// unscaled weights M = W/(1−p).)
    /// </summary>
    /// <param name="logit">l, a scalar.</param>
    /// <param name="numFeatures">Number F of the units that share the rate: features, or channels.</param>
    /// <param name="weight">W, the weights of the layer that follows; null leaves its term out.</param>
    /// <param name="weightRegularizer">λ_w.</param>
    /// <param name="dropoutRegularizer">λ_d.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Regularization(Tensor logit, long numFeatures, Tensor? weight, double weightRegularizer, double dropoutRegularizer)
    {
        using var scope = NewDisposeScope();
        var term = Entropy(logit).mul(Scalars.Of(-dropoutRegularizer * numFeatures));
        if (weight is not null)
            term = term.add(weight.pow(Scalars.Of(2)).sum(NSDropoutMath.StatisticsType(weight.dtype)).mul(Scalars.Of(weightRegularizer)).div(logit.neg().sigmoid()), Scalars.One);
        return term.MoveToOuterDisposeScope();
    }
}

/// <summary>Choices of a <see cref="ConcreteDropout"/>. Immutable; each value is checked where it is set.</summary>
/// <remarks>
/// For N training samples, a mean loss and a prior length scale l, the paper's objective has λ_d = 1/N and λ_w = l²/(2N) with cross entropy,
/// twice these with a mean squared error of unit noise. The defaults are those of its published code.
/// </remarks>
public sealed record ConcreteDropoutOptions
{
    /// <summary>All defaults.</summary>
    public static ConcreteDropoutOptions Default { get; } = new();

    /// <summary>Temperature t of the relaxed mask, above 0: the smaller, the nearer to a mask of zeros and ones, and the noisier the gradient of p. Default: 0.1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double Temperature
    {
        get;
        init => field = double.IsFinite(value) && value > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), string.Create(CultureInfo.InvariantCulture, $"Temperature must be a finite number above 0, but got {value}."));
    } = 0.1;

    /// <summary>Factor λ_w on ΣW²/(1−p) of <see cref="Next"/>, at least 0. Default: 1e-6.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number of at least 0.</exception>
    public double WeightRegularizer { get; init => field = Check.Factor(value, nameof(WeightRegularizer)); } = 1e-6;

    /// <summary>Factor λ_d on the negative entropy −F·H(p), at least 0. Default: 1e-5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number of at least 0.</exception>
    public double DropoutRegularizer { get; init => field = Check.Factor(value, nameof(DropoutRegularizer)); } = 1e-5;

    /// <summary>
    /// The layer that takes this layer's outputs, for the weight term; it stays its model's own. A <c>Linear</c>; for channels also a <c>Conv1d</c>, <c>Conv2d</c> or <c>Conv3d</c>.
    /// Null leaves that term out: then the entropy alone draws p towards 1/2, the loss draws it down, and a penalty on the weights is left to the model. Default: null.
    /// </summary>
    public nn.Module<Tensor, Tensor>? Next { get; init; }
}

public static partial class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.ConcreteDropout(long, double, ConcreteDropoutOptions?, Device?, ScalarType?)"/>
        public static ConcreteDropout ConcreteDropout(
            long num_features, double p = 0.1, ConcreteDropoutOptions? options = null, Device? device = null, ScalarType? dtype = null) =>
            new(num_features, p, options, device, dtype);

        /// <inheritdoc cref="NsDropoutTorch.Dropouts.ConcreteDropout2d(long, double, ConcreteDropoutOptions?, Device?, ScalarType?)"/>
        public static ConcreteDropout2d ConcreteDropout2d(
            long num_features, double p = 0.1, ConcreteDropoutOptions? options = null, Device? device = null, ScalarType? dtype = null) =>
            new(num_features, p, options, device, dtype);
    }
}
