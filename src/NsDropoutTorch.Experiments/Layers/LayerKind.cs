using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Layers;

/// <summary>A regularising layer that comparisons know by name; it has a form for each place where it can stand.</summary>
/// <param name="Name">Its name on the command line and in results.</param>
/// <param name="Summary">What it does, in a few words.</param>
public sealed record LayerKind(string Name, string Summary)
{
    /// <summary>A layer that takes its rate alone and has one form for features and channels.</summary>
    /// <param name="name">Its name on the command line and in results.</param>
    /// <param name="summary">What it does, in a few words.</param>
    /// <param name="create">Makes it from its drop rate.</param>
    public static LayerKind Everywhere(string name, string summary, Func<double, nn.Module<Tensor, Tensor>> create) =>
        new(name, summary) { Options = [LayerOption.P], Features = settings => create(settings.P), Channels = settings => create(settings.P) };

    /// <summary>What can be chosen.</summary>
    public IReadOnlyList<LayerOption> Options { get; init; } = [];

    /// <summary>Whether its masks are chosen by labels, unless an option says otherwise.</summary>
    public bool ReadsLabels { get; init; }

    /// <summary>Makes the layer for activations <c>[N,F]</c> of a hidden layer; null: it has no such form.</summary>
    public Func<LayerSettings, nn.Module<Tensor, Tensor>>? Features { get; init; }

    /// <summary>Makes the layer for channels <c>[N,C,H,W]</c> of a convolution; null: it has no such form.</summary>
    public Func<LayerSettings, nn.Module<Tensor, Tensor>>? Channels { get; init; }

    /// <summary>Makes the layer in place of the linear map, of the given number of inputs, of a hidden layer; null: it has no such form.</summary>
    public Func<long, LayerSettings, nn.Module<Tensor, Tensor>>? Linear { get; init; }

    /// <summary>Whether it has a rate p; results give 0 for one that has none.</summary>
    public bool UsesP => Options.Contains(LayerOption.P);

    /// <summary>Whether it can be placed at a hidden layer of the kind; no layer at all fits anywhere.</summary>
    internal bool Fits(bool convolution) => convolution ? Channels is not null || !IsLayer : Features is not null || Linear is not null || !IsLayer;

    private bool IsLayer => (Features, Channels, Linear) is not (null, null, null);
}

/// <summary>What a regularising layer is told of itself and of the place it stands in.</summary>
/// <param name="Layer">The layer and its options.</param>
/// <param name="NumFeatures">Width F of its inputs <c>[N,F]</c>, or their number of channels.</param>
/// <param name="NumClasses">Number of classes C of the labels.</param>
/// <param name="P">Its rate, in [0, 1).</param>
public sealed record LayerSettings(LayerSpecification Layer, long NumFeatures, long NumClasses, double P);
