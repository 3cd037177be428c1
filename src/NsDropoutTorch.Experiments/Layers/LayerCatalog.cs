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
            Volumes = settings => nn.Dropout3d(settings.P),
            Sequences = settings => nn.Dropout(settings.P),
        },
        new("fast-dropout", "ordinary dropout, drawn many times as fast on the CPU")
        {
            Options = [LayerOption.P],
            Features = settings => nn.FastDropout(settings.P),
            Channels = settings => nn.FastDropout2d(settings.P),
            Volumes = settings => nn.FastDropout2d(settings.P),
            Sequences = settings => nn.FastDropout(settings.P),
        },
        new("alpha-dropout", "dropout to the negative limit of SELU, which keeps mean and variance")
        {
            Options = [LayerOption.P],
            Features = settings => nn.AlphaDropout(settings.P),
            Channels = settings => nn.FeatureAlphaDropout(settings.P),
            Volumes = settings => nn.FeatureAlphaDropout(settings.P),
            Sequences = settings => nn.AlphaDropout(settings.P),
        },
        new("nsdropout", "Neuron Specific Dropout as in the reference notebooks, unless options say otherwise")
        {
            Options = NSDropoutSettings.All,
            ReadsLabels = true,
            Features = settings => nn.NSDropout(settings.NumFeatures, settings.NumClasses, settings.P, NSDropoutSettings.Of(settings.Layer)),
            Channels = settings => nn.NSDropout2d(settings.NumFeatures, settings.NumClasses, settings.P, NSDropoutSettings.Of(settings.Layer)),
            Sequences = settings => nn.NSDropoutSequence(settings.NumFeatures, settings.NumClasses, settings.P, options: NSDropoutSettings.Of(settings.Layer)),
        },
        new("dropconnect", "drops weights of the linear map, or of the convolution, instead of its outputs")
        {
            Options = DropConnectSettings.All,
            Linear = (numInputs, settings) => nn.DropConnectLinear(numInputs, settings.NumFeatures, settings.P, options: DropConnectSettings.Of(settings.Layer)),
            Convolution = DropConnectSettings.Convolution,
            LinearOptions = DropConnectSettings.OfLinear,
        },
        new("concrete", "Concrete Dropout: the rate is learned; p is where it starts, above 0")
        {
            Options = ConcreteSettings.All,
            Features = settings => nn.ConcreteDropout(settings.NumFeatures, settings.P, ConcreteSettings.Of(settings.Layer)),
            Channels = settings => nn.ConcreteDropout2d(settings.NumFeatures, settings.P, ConcreteSettings.Of(settings.Layer)),
            Volumes = settings => nn.ConcreteDropout2d(settings.NumFeatures, settings.P, ConcreteSettings.Of(settings.Layer)),
            Sequences = settings => nn.ConcreteDropout(settings.NumFeatures, settings.P, ConcreteSettings.Of(settings.Layer)),
        },
        new("gap-matched", "ordinary dropout whose rate is found in the first 0.3 of the epochs, with a fifth of what is fitted to held out")
        {
            FindsRate = true,
            Features = _ => nn.Dropout(0.2),
            Channels = _ => nn.Dropout2d(0.2),
            Volumes = _ => nn.Dropout3d(0.2),
            Sequences = _ => nn.Dropout(0.2),
        },
        LayerKind.Everywhere("gaussian", "multiplies by noise of mean 1 and variance p/(1-p)", p => nn.GaussianDropout(p)),
        new("variational", "Gaussian noise of learned variance; p is where it starts, above 0 and below 0.5")
        {
            Options = VariationalSettings.All,
            Features = settings => nn.VariationalDropout(settings.NumFeatures, settings.P, settings.Layer.Of(VariationalSettings.Divergence)),
            Channels = settings => nn.VariationalDropout2d(settings.NumFeatures, settings.P, settings.Layer.Of(VariationalSettings.Divergence)),
            Volumes = settings => nn.VariationalDropout2d(settings.NumFeatures, settings.P, settings.Layer.Of(VariationalSettings.Divergence)),
            Sequences = settings => nn.VariationalDropout(settings.NumFeatures, settings.P, settings.Layer.Of(VariationalSettings.Divergence)),
        },
        new("targeted", "drops the weights, or units, of the smallest magnitude")
        {
            Options = TargetedSettings.All,
            Linear = (numInputs, settings) => TargetedSettings.Create(numInputs, settings),
        },
        new("dropblock", "drops squares of feature maps, cubes of volumes")
        {
            Options = [LayerOption.P, DropBlockSettings.BlockSize],
            Channels = settings => nn.DropBlock2d(settings.P, settings.Layer.Find(DropBlockSettings.BlockSize) ?? 7),
            Volumes = settings => nn.DropBlock3d(settings.P, settings.Layer.Find(DropBlockSettings.BlockSize) ?? 3),
        },
        new("standout", "adaptive dropout: the more active a unit is, the more often it is kept; p is the rate of a unit whose sum is 0")
        {
            Options = [LayerOption.P, StandoutSettings.Alpha],
            Linear = (numInputs, settings) => nn.StandoutLinear(numInputs, settings.NumFeatures, settings.P, settings.Layer.Of(StandoutSettings.Alpha)),
        },
        LayerKind.Everywhere("broadcast", "dropout whose draws the batch shares: a unit is dropped for all samples of a step, or for none", p => nn.BroadcastDropout(p, [0])),
        new("locked", "dropout of sequences with one mask over time: a feature of a sample is dropped at all steps or at none")
        {
            Options = [LayerOption.P],
            Sequences = settings => nn.LockedDropout(settings.P, batch_first: true),
        },
        new("embedding-dropout", "an embedding that drops whole words: a word is gone everywhere in the batch")
        {
            Options = [LayerOption.P],
            Embedding = (numWords, settings) => nn.EmbeddingDropout(numWords, settings.NumFeatures, settings.P),
        },
        new("stochastic-depth", "drops all outputs of a sample, or of the batch, at once, which is meant for residual branches")
        {
            Options = [LayerOption.P, StochasticDepthSettings.Mode],
            Features = settings => nn.StochasticDepth(settings.P, settings.Layer.Of(StochasticDepthSettings.Mode)),
            Channels = settings => nn.StochasticDepth(settings.P, settings.Layer.Of(StochasticDepthSettings.Mode)),
            Volumes = settings => nn.StochasticDepth(settings.P, settings.Layer.Of(StochasticDepthSettings.Mode)),
            Sequences = settings => nn.StochasticDepth(settings.P, settings.Layer.Of(StochasticDepthSettings.Mode)),
        },
        LayerKind.Everywhere("droppath", "drops all outputs of a sample at once, which is meant for residual branches", p => nn.DropPath(p)),
    ];

    /// <summary>The layer called <paramref name="name"/>.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is none; the message suggests the nearest name.</exception>
    public static LayerKind Find(string name) => NearestName.Find("layer", All, kind => kind.Name, name);
}

/// <summary>A regularising layer that comparisons know by name; it has a form for each place where it can stand.</summary>
/// <param name="Name">Its name on the command line and in results.</param>
/// <param name="Summary">What it does, in a few words.</param>
public sealed record LayerKind(string Name, string Summary)
{
    /// <summary>A layer that takes its rate alone and has one form for all activations.</summary>
    /// <param name="name">Its name on the command line and in results.</param>
    /// <param name="summary">What it does, in a few words.</param>
    /// <param name="create">Makes it from its drop rate.</param>
    public static LayerKind Everywhere(string name, string summary, Func<double, nn.Module<Tensor, Tensor>> create) =>
        new(name, summary)
        {
            Options = [LayerOption.P],
            Features = settings => create(settings.P),
            Channels = settings => create(settings.P),
            Volumes = settings => create(settings.P),
            Sequences = settings => create(settings.P),
        };

    /// <summary>What can be chosen.</summary>
    public IReadOnlyList<LayerOption> Options { get; init; } = [];

    /// <summary>Whether its masks are chosen by labels, unless an option says otherwise.</summary>
    public bool ReadsLabels { get; init; }

    /// <summary>Whether <see cref="NsDropoutTorch.Training.Callbacks.GapMatchedRate"/> finds its rate while the network is trained; it has no rate of its own then.</summary>
    public bool FindsRate { get; init; }

    /// <summary>Makes the layer for activations <c>[N,F]</c> of a hidden layer; null: it has no such form.</summary>
    public Func<LayerSettings, nn.Module<Tensor, Tensor>>? Features { get; init; }

    /// <summary>Makes the layer for channels <c>[N,C,H,W]</c> of a convolution; null: it has no such form.</summary>
    public Func<LayerSettings, nn.Module<Tensor, Tensor>>? Channels { get; init; }

    /// <summary>Makes the layer for channels <c>[N,C,D,H,W]</c> of a convolution of volumes; null: it has no such form.</summary>
    public Func<LayerSettings, nn.Module<Tensor, Tensor>>? Volumes { get; init; }

    /// <summary>Makes the layer for sequences <c>[N,T,F]</c> of a recurrent layer or an embedding; null: it has no such form.</summary>
    public Func<LayerSettings, nn.Module<Tensor, Tensor>>? Sequences { get; init; }

    /// <summary>Makes the layer in place of the linear map, of the given number of inputs, of a hidden layer; null: it has no such form.</summary>
    public Func<long, LayerSettings, nn.Module<Tensor, Tensor>>? Linear { get; init; }

    /// <summary>Makes the layer in place of a convolution, whose outputs are <c>[N,C,H,W]</c>; null: it has no such form.</summary>
    public Func<ConvolutionPlace, LayerSettings, nn.Module<Tensor, Tensor>>? Convolution { get; init; }

    /// <summary>Makes the layer in place of an embedding of the given number of words, whose outputs are <c>[N,T,F]</c>; null: it has no such form.</summary>
    public Func<long, LayerSettings, nn.Module<Tensor, Tensor>>? Embedding { get; init; }

    /// <summary>Those of its options that the form in place of a convolution does not have.</summary>
    public IReadOnlyList<LayerOption> LinearOptions { get; init; } = [];

    /// <summary>Whether it has a rate p; results give 0 for one that has none.</summary>
    public bool UsesP => Options.Contains(LayerOption.P);

    /// <summary>Whether it can be placed at a hidden layer of the kind; no layer at all fits anywhere.</summary>
    internal bool Fits(HiddenPlace place) => !IsLayer || place switch
    {
        HiddenPlace.Convolution => Channels is not null || Convolution is not null,
        HiddenPlace.Convolution3d => Volumes is not null,
        HiddenPlace.Recurrent => Sequences is not null,
        HiddenPlace.Embedding => Sequences is not null || Embedding is not null,
        _ => Features is not null || Linear is not null,
    };

    private bool IsLayer => (Features, Channels, Volumes, Sequences) is not (null, null, null, null) || (Linear, Convolution, Embedding) is not (null, null, null);
}

/// <summary>The convolution that a layer stands in place of: square kernels at distance 1, with zeros around the input.</summary>
/// <param name="NumInputs">Channels of its input.</param>
/// <param name="KernelSize">Side of its kernels.</param>
/// <param name="Padding">Zeros on each side.</param>
public sealed record ConvolutionPlace(long NumInputs, long KernelSize, long Padding);

/// <summary>What a regularising layer is told of itself and of the place it stands in.</summary>
/// <param name="Layer">The layer and its options.</param>
/// <param name="NumFeatures">Width F of its inputs <c>[N,F]</c>, or their number of channels.</param>
/// <param name="NumClasses">Number of classes C of the labels.</param>
/// <param name="P">Its rate, in [0, 1).</param>
public sealed record LayerSettings(LayerSpecification Layer, long NumFeatures, long NumClasses, double P);
