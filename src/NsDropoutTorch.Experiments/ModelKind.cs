using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments;

/// <summary>A network that comparisons know by name.</summary>
/// <param name="Name">Its name on the command line and in results.</param>
/// <param name="Summary">What it is, in a few words.</param>
/// <param name="FirstLayer">Name of its first layer with weights, the one the reference penalises.</param>
/// <param name="Build">Makes the network on the CPU.</param>
public sealed record ModelKind(string Name, string Summary, string FirstLayer, Func<ModelSettings, nn.Module<Tensor, Tensor>> Build);
