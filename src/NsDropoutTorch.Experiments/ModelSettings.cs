using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments;

/// <summary>What a model is built from.</summary>
/// <param name="NumInputs">Features per sample.</param>
/// <param name="NumClasses">Number of classes.</param>
/// <param name="Hidden">Widths of the hidden layers.</param>
/// <param name="CreateLayer">Makes the regularising layer for the width it is given; null stands for none.</param>
public sealed record ModelSettings(
    long NumInputs, long NumClasses, IReadOnlyList<int> Hidden, Func<long, nn.Module<Tensor, Tensor>?> CreateLayer);
