using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments;

/// <summary>All regularising layers that can be compared, by name. A new layer is one entry here.</summary>
public static class LayerCatalog
{
    /// <summary>Every layer, the baseline first.</summary>
    public static IReadOnlyList<LayerKind> All { get; } =
    [
        new("none", "no regularising layer"),
        new("dropout", "ordinary dropout: each unit, or each channel, with probability p")
        {
            Options = [LayerOption.P],
            Features = settings => nn.Dropout(settings.P),
            Channels = settings => nn.Dropout2d(settings.P),
        },
        new("alpha-dropout", "dropout to the negative limit of SELU, which keeps mean and variance")
        {
            Options = [LayerOption.P],
            Features = settings => nn.AlphaDropout(settings.P),
            Channels = settings => nn.FeatureAlphaDropout(settings.P),
        },
        new("nsdropout", "Neuron Specific Dropout as in the reference notebooks, unless options say otherwise")
        {
            Options = NSDropoutChoices.All,
            ReadsLabels = true,
            Features = settings => nn.NSDropout(settings.NumFeatures, settings.NumClasses, settings.P, NSDropoutChoices.Of(settings.Layer)),
            Channels = settings => nn.NSDropout2d(settings.NumFeatures, settings.NumClasses, settings.P, NSDropoutChoices.Of(settings.Layer)),
        },
    ];

    /// <summary>The layer called <paramref name="name"/>.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is none; the message suggests the nearest name.</exception>
    public static LayerKind Find(string name) => Catalog.Find("layer", All, kind => kind.Name, name);
}
