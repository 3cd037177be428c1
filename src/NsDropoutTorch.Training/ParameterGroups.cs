using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Divides the parameters of a model for an optimizer that treats them differently, for instance without weight decay on biases and scales:
/// <c>Optimizer = _ => ParameterGroups.Split(model, ParameterGroups.IsMatrix) is var (matrices, others) ? … : …</c>.
/// </summary>
public static class ParameterGroups
{
    /// <summary>The parameters for which <paramref name="predicate"/> holds, and the others; each in the model's order and once, also where two modules share it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="predicate">Of a parameter's name in the model and the parameter.</param>
    /// <exception cref="ArgumentException">One of the two would be empty, which optimizers do not take.</exception>
    public static (IReadOnlyList<Parameter> Matching, IReadOnlyList<Parameter> Others) Split(nn.Module model, Func<string, Parameter, bool> predicate)
    {
        var groups = model.named_parameters().DistinctBy(entry => entry.parameter.Handle).ToLookup(entry => predicate(entry.name, entry.parameter), entry => entry.parameter);
        return groups.Count == 2
            ? ([.. groups[true]], [.. groups[false]])
            : throw Require.Broken(
                $"a predicate must hold for some parameters of the model and not for others, but it holds for {(groups.Contains(true) ? "all" : "none")} of {string.Join(", ", model.named_parameters().Select(entry => entry.name))}.");
    }

    /// <summary>Whether a parameter has at least two dimensions: weights of linear layers, convolutions and embeddings, but no biases and no scales of normalisations.</summary>
    /// <param name="name">Not looked at.</param>
    /// <param name="parameter">The parameter.</param>
    public static bool IsMatrix(string name, Parameter parameter) => parameter.dim() > 1;
}
