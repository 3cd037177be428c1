using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch;

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
/// <param name="numFeatures">Number of features F.</param>
/// <param name="p">Drop rate to start from, in (0, 1).</param>
/// <param name="options">Choices; null takes <see cref="ConcreteDropoutOptions.Default"/>.</param>
/// <param name="device">Where the parameter lives.</param>
/// <param name="dtype">Floating dtype of the parameter.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
/// <exception cref="ArgumentException">The next layer takes another number of features.</exception>
public sealed class ConcreteDropout(
    long numFeatures, double p = 0.1, ConcreteDropoutOptions? options = null, Device? device = null, ScalarType? dtype = null)
    : LearnedDropoutModule(nameof(ConcreteDropout), numFeatures, p, Check.OpenRate(p, below: 1), device, dtype)
{
    private readonly ConcreteDropoutOptions options = Fitting(options ?? ConcreteDropoutOptions.Default, numFeatures);

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
            WideLogit(), numFeatures, options.Next?.weight, options.WeightRegularizer, options.DropoutRegularizer);
        return term.MoveToOuterDisposeScope();
    }

    private protected override Tensor Train(Tensor input)
    {
        var uniform = rand(input.shape, NSDropoutMath.StatisticsType(input.dtype), input.device);
        return input.mul(ConcreteDropoutMath.Mask(WideLogit(), uniform, options.Temperature).to(input.dtype));
    }

    private static ConcreteDropoutOptions Fitting(ConcreteDropoutOptions options, long numFeatures) =>
        options.Next is { } next && next.in_features != numFeatures
            ? throw new ArgumentException(Invariant($"Next must take the layer's {numFeatures} features, but takes {next.in_features}."), nameof(options))
            : options;
}
