using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments;

/// <summary>A regularising layer that comparisons know by name.</summary>
/// <param name="Name">Its name on the command line and in results.</param>
/// <param name="Summary">What it does, in a few words.</param>
/// <param name="UsesP">Whether it has a rate p; results give 0 for one that has none.</param>
/// <param name="Create">Makes the layer; null stands for no layer at all.</param>
public sealed record LayerKind(string Name, string Summary, bool UsesP, Func<LayerSettings, nn.Module<Tensor, Tensor>?> Create);
