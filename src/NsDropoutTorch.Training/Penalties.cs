using NsDropoutTorch.Dropouts;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// A term Σ(l1·|w| + l2·w²) added to the loss over the parameters of one layer, with factors for weights and for biases apart.
/// Parameters whose own name is <c>bias</c> are biases, all others are weights.
/// </summary>
/// <param name="Layer">Name of the layer in the model, for instance <c>hidden1</c> or <c>encoder.0</c>.</param>
public sealed record LayerPenalty(string Layer)
{
    /// <summary>Factor on Σ|w| of the weights, at least 0.</summary>
    public double WeightL1 { get; init => field = Require.NotNegative(value, "weight L1"); }

    /// <summary>Factor on Σw² of the weights, at least 0.</summary>
    public double WeightL2 { get; init => field = Require.NotNegative(value, "weight L2"); }

    /// <summary>Factor on Σ|b| of the biases, at least 0.</summary>
    public double BiasL1 { get; init => field = Require.NotNegative(value, "bias L1"); }

    /// <summary>Factor on Σb² of the biases, at least 0.</summary>
    public double BiasL2 { get; init => field = Require.NotNegative(value, "bias L2"); }
}

/// <summary>One parameter with the factors of its penalty l1·Σ|w| + l2·Σw².</summary>
internal sealed record PenaltyTerm(Parameter Parameter, double L1, double L2)
{
    /// <summary>The terms of <paramref name="penalties"/> in <paramref name="model"/>; those with both factors 0 are left out.</summary>
    /// <exception cref="ArgumentException">The model has no layer of that name with parameters.</exception>
    public static PenaltyTerm[] Resolve(nn.Module model, IEnumerable<LayerPenalty> penalties) =>
        [.. penalties.SelectMany(penalty => OfLayer(model, penalty)).Where(term => term.L1 > 0 || term.L2 > 0)];

    /// <summary>The sum of all terms, a scalar tensor; null when there is none.</summary>
    public static Tensor? Sum(PenaltyTerm[] terms)
    {
        Tensor? sum = null;
        foreach (var term in terms)
        {
            var value = term.Value();
            sum = sum is null ? value : sum.add(value, Scalars.One);
        }

        return sum;
    }

    private Tensor Value() =>
        L1 == 0 ? Squares().mul(Scalars.Of(L2))
        : L2 == 0 ? Absolutes().mul(Scalars.Of(L1))
        : Squares().mul(Scalars.Of(L2)).add(Absolutes().mul(Scalars.Of(L1)), Scalars.One);

    private Tensor Squares() => Parameter.mul(Parameter).sum();

    private Tensor Absolutes() => Parameter.abs().sum();

    private static List<PenaltyTerm> OfLayer(nn.Module model, LayerPenalty penalty)
    {
        var prefix = penalty.Layer + ".";
        var terms = new List<PenaltyTerm>();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                terms.Add(IsBias(name)
                    ? new(parameter, penalty.BiasL1, penalty.BiasL2)
                    : new(parameter, penalty.WeightL1, penalty.WeightL2));
            }
        }

        return terms.Count > 0 ? terms : throw Require.Broken(
            $"penalties must name layers that have parameters ({string.Join(", ", LayersOf(model))}), but got '{penalty.Layer}'.");
    }

    private static bool IsBias(string name) => name.EndsWith(".bias", StringComparison.Ordinal);

    private static IEnumerable<string> LayersOf(nn.Module model) =>
        model.named_parameters().Select(p => p.name[..Math.Max(0, p.name.LastIndexOf('.'))]).Distinct(StringComparer.Ordinal);
}

/// <summary>What is added to the loss of each step: penalties on parameters, and the terms that modules bring with them.</summary>
internal sealed class AddedLoss(PenaltyTerm[] penalties, IRegularized[] modules)
{
    /// <summary>Whether anything can be added for <paramref name="model"/>.</summary>
    public static bool IsAny(nn.Module model, IEnumerable<LayerPenalty> penalties) => penalties.Any() || NamedModules.Of<IRegularized>(model).Any();

    /// <summary>Everything that is to be added for <paramref name="model"/>; a module that stands in several places counts once.</summary>
    /// <exception cref="ArgumentException">A penalty names no layer with parameters.</exception>
    public static AddedLoss Of(nn.Module model, IEnumerable<LayerPenalty> penalties) => new(
        PenaltyTerm.Resolve(model, penalties),
        [.. model.modules().Prepend(model).Distinct<nn.Module>(ReferenceEqualityComparer.Instance).OfType<IRegularized>()]);

    /// <summary>The current sum, a scalar tensor; null when there is nothing to add.</summary>
    public Tensor? Sum()
    {
        var sum = PenaltyTerm.Sum(penalties);
        foreach (var module in modules)
        {
            var term = module.Regularization();
            sum = sum is null ? term : sum.add(term, Scalars.One);
        }

        return sum;
    }
}
