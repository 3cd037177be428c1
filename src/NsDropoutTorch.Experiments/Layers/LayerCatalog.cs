using NsDropoutTorch.Data;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Layers;

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
            Options = NSDropoutSettings.All,
            ReadsLabels = true,
            Features = settings => nn.NSDropout(settings.NumFeatures, settings.NumClasses, settings.P, NSDropoutSettings.Of(settings.Layer)),
            Channels = settings => nn.NSDropout2d(settings.NumFeatures, settings.NumClasses, settings.P, NSDropoutSettings.Of(settings.Layer)),
        },
        new("dropconnect", "drops weights of the linear map instead of its outputs")
        {
            Options = DropConnectSettings.All,
            Linear = (numInputs, settings) => nn.DropConnectLinear(numInputs, settings.NumFeatures, settings.P, options: DropConnectSettings.Of(settings.Layer)),
        },
        new("concrete", "Concrete Dropout: the rate is learned; p is where it starts, above 0")
        {
            Options = ConcreteSettings.All,
            Features = settings => nn.ConcreteDropout(settings.NumFeatures, settings.P, ConcreteSettings.Of(settings.Layer)),
        },
        LayerKind.Everywhere("gaussian", "multiplies by noise of mean 1 and variance p/(1-p)", p => nn.GaussianDropout(p)),
        new("variational", "Gaussian noise of learned variance; p is where it starts, above 0 and below 0.5")
        {
            Options = [LayerOption.P],
            Features = settings => nn.VariationalDropout(settings.NumFeatures, settings.P),
        },
        new("targeted", "drops the weights, or units, of the smallest magnitude")
        {
            Options = TargetedSettings.All,
            Linear = (numInputs, settings) => TargetedSettings.Create(numInputs, settings),
        },
        new("dropblock", "drops squares of feature maps")
        {
            Options = [LayerOption.P, DropBlockSettings.BlockSize],
            Channels = settings => nn.DropBlock2d(settings.P, settings.Layer.Of(DropBlockSettings.BlockSize)),
        },
        LayerKind.Everywhere("droppath", "drops all outputs of a sample at once, which is meant for residual branches", p => nn.DropPath(p)),
    ];

    /// <summary>The layer called <paramref name="name"/>.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is none; the message suggests the nearest name.</exception>
    public static LayerKind Find(string name) => NearestName.Find("layer", All, kind => kind.Name, name);
}
