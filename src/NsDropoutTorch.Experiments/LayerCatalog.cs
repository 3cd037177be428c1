using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments;

/// <summary>All regularising layers that can be compared, by name. A new layer is one entry here.</summary>
public static class LayerCatalog
{
    /// <summary>Every layer, the baseline first.</summary>
    public static IReadOnlyList<LayerKind> All { get; } =
    [
        new("none", "no regularising layer", UsesP: false, _ => null),
        new("dropout", "ordinary dropout: each unit with probability p", UsesP: true, settings => nn.Dropout(settings.P)),
        new("nsdropout", "Neuron Specific Dropout as in the reference notebooks", UsesP: true, settings =>
            nn.NSDropout(settings.NumFeatures, settings.NumClasses, settings.P, NSDropoutOptions.Reference)),
    ];

    /// <summary>The layer called <paramref name="name"/>.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is none; the message suggests the nearest name.</exception>
    public static LayerKind Find(string name) => Catalog.Find("layer", All, kind => kind.Name, name);
}
