using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments;

/// <summary>What a model is built from.</summary>
/// <param name="InputShape">Shape of one sample: <c>[F]</c>, or <c>[C,H,W]</c> for a model that needs images.</param>
/// <param name="NumClasses">Number of classes.</param>
/// <param name="Hidden">Widths of the linear hidden layers.</param>
/// <param name="Regularization">How its hidden layers are regularised.</param>
public sealed record ModelSettings(IReadOnlyList<long> InputShape, long NumClasses, IReadOnlyList<int> Hidden, Regularization Regularization)
{
    /// <summary>Whether the network standardises its inputs before all else.</summary>
    public bool Standardize { get; init; }

    /// <summary>What stands before the first layer.</summary>
    internal IEnumerable<(string Name, nn.Module<Tensor, Tensor> Module)> InputLayers() => Standardize ? [("input", new InputStandardization(InputShape))] : [];
}
