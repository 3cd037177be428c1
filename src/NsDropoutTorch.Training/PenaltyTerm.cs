using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

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
            sum = sum is null ? value : sum + value;
        }

        return sum;
    }

    private Tensor Value() =>
        L1 == 0 ? Squares() * L2
        : L2 == 0 ? Absolutes() * L1
        : (Squares() * L2) + (Absolutes() * L1);

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
