using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Layers;

/// <summary>The options of <c>nsdropout</c>; what none of them names is as in the reference notebooks, the scale too, under every protocol.</summary>
internal static class NSDropoutSettings
{
    private static readonly LayerOption<bool> Absolute = LayerOption.Flag("absolute", "ranks neurons by |gap|, not by the signed gap");
    private static readonly LayerOption<bool> KeepLargest = LayerOption.Flag("keep-largest", "keeps the neurons with the largest gaps, as the notebooks' binary variant does");
    private static readonly LayerOption<bool> Shared = LayerOption.Flag("shared", "one mask for all classes, which needs no label");
    private static readonly LayerOption<long> Warmup = LayerOption.Whole("warmup", "training steps of ordinary dropout at first", 0, 0);
    private static readonly LayerOption<bool> ScaleByCount = LayerOption.Flag(
        "scale-by-count", "scales outputs of masks by F/(F-k) for the k of F units that are dropped, and not at all where a class has no mask, in place of 1/(1-p)");
    private static readonly LayerOption<bool> ScaleBackward = LayerOption.Flag("scale-backward", "scales gradients as outputs are");
    private static readonly LayerOption<bool> ScaleEval = LayerOption.Flag("scale-eval", "scales outputs of masks in evaluation as in training");

    private static readonly LayerOption<double> Momentum = LayerOption.Real(
        "momentum", "weight of the newest batch in a running average of training means; by default there is no such average", "a number in (0, 1]", null, m => m is > 0 and <= 1);

    // Masks of the true labels are measured beside this in any case, and never in its place.
    private static readonly LayerOption<EvalMode> Eval = LayerOption.OneOf(
        "eval", "what label-free scores apply: no mask, or the mean of all masks", ("identity", EvalMode.Identity), ("mean", EvalMode.MeanMask));

    private static readonly LayerOption<bool> LabelFree = LayerOption.Flag("label-free", "draws every sample's mask afresh, with rates by the rank of gaps over all rows: no label is read");
    private static readonly LayerOption<double> GapShare = LayerOption.Real(
        "gap-share", "draws every sample's mask afresh, with this share of the rates by the rank of gaps", "a number in [0, 1)", null, share => share is >= 0 and < 1);

    private static readonly LayerOption<GapRanking> Ranking = LayerOption.OneOf(
        "ranking", "how ranks of gaps become rates of drawn masks", ("linear", GapRanking.Linear), ("step", GapRanking.Step));

    public static IReadOnlyList<LayerOption> All { get; } =
        [LayerOption.P, LabelFree, GapShare, Ranking, Absolute, KeepLargest, Shared, Momentum, Warmup, Eval, ScaleByCount, ScaleBackward, ScaleEval];

    public static NSDropoutOptions Of(LayerSpecification layer) => NSDropoutOptions.Reference with
    {
        GapShare = layer.Find(GapShare) ?? (layer.Of(LabelFree) ? NSDropoutOptions.LabelFree.GapShare : null),
        Ranking = layer.Of(Ranking),
        AbsoluteGap = layer.Of(Absolute),
        KeepLargest = layer.Of(KeepLargest),
        SharedMask = layer.Of(Shared) || layer.Of(LabelFree),
        Momentum = layer.Find(Momentum),
        WarmupSteps = layer.Of(Warmup),
        EvalMode = layer.Of(Eval),
        ScaleByCount = layer.Of(ScaleByCount),
        ScaleBackward = layer.Of(ScaleBackward),
        ScaleEval = layer.Of(ScaleEval),
    };
}

/// <summary>The options of <c>concrete</c>.</summary>
internal static class ConcreteSettings
{
    private static readonly LayerOption<double> Temperature = LayerOption.Real(
        "temperature", "of the relaxed mask", "a number above 0", ConcreteDropoutOptions.Default.Temperature, t => double.IsFinite(t) && t > 0);

    private static readonly LayerOption<double> Entropy = LayerOption.Real(
        "entropy",
        "factor on the negative entropy of the mask, 1/N in the paper",
        "a number of at least 0",
        ConcreteDropoutOptions.Default.DropoutRegularizer,
        factor => double.IsFinite(factor) && factor >= 0);

    public static IReadOnlyList<LayerOption> All { get; } = [LayerOption.P, Temperature, Entropy];

    public static ConcreteDropoutOptions Of(LayerSpecification layer) => new() { Temperature = layer.Of(Temperature), DropoutRegularizer = layer.Of(Entropy) };
}

/// <summary>The options of <c>variational</c>.</summary>
internal static class VariationalSettings
{
    public static LayerOption<double> Divergence { get; } = LayerOption.Real(
        "divergence", "factor on the divergence of noise and prior, 1/N in the paper", "a number of at least 0", 1e-5, factor => double.IsFinite(factor) && factor >= 0);

    public static IReadOnlyList<LayerOption> All { get; } = [LayerOption.P, Divergence];
}

/// <summary>The options of <c>dropblock</c>.</summary>
internal static class DropBlockSettings
{
    public static LayerOption<long> BlockSize { get; } = LayerOption.Whole("block-size", "side of the squares, by default 7, or of the cubes, by default 3", 1, null);
}

/// <summary>The options of <c>dropconnect</c>.</summary>
internal static class DropConnectSettings
{
    private static readonly LayerOption<bool> PerSample = LayerOption.Flag("per-sample", "draws a mask for every sample, as the paper does, not one for the batch");
    private static readonly LayerOption<bool> DropBias = LayerOption.Flag("drop-bias", "drops biases too");

    private static readonly LayerOption<long> Samples = LayerOption.Whole(
        "samples", "draws of the paper's moment matching through ReLU in evaluation; 0: mean weights", 0, 0);

    public static IReadOnlyList<LayerOption> All { get; } = [LayerOption.P, PerSample, DropBias, Samples];

    /// <summary>Options that convolutions do not have.</summary>
    public static IReadOnlyList<LayerOption> OfLinear { get; } = [DropBias, Samples];

    public static DropConnectConv2d Convolution(ConvolutionPlace place, LayerSettings settings) => nn.DropConnectConv2d(
        place.NumInputs, settings.NumFeatures, place.KernelSize, settings.P, padding: place.Padding, per_sample: settings.Layer.Of(PerSample));

    // The ReLU of the network behind changes nothing that went through one before.
    public static DropConnectOptions Of(LayerSpecification layer) => new()
    {
        PerSample = layer.Of(PerSample),
        DropBias = layer.Of(DropBias),
        Activation = layer.Of(Samples) == 0 ? null : input => torch.nn.functional.relu(input),
        Samples = layer.Of(Samples) == 0 ? null : (int)layer.Of(Samples),
    };
}

/// <summary>The options of <c>targeted</c>.</summary>
internal static class TargetedSettings
{
    private static readonly LayerOption<double> Share = LayerOption.Real("share", "share of weights that are targets", "a number in [0, 1]", 0.5, share => share is >= 0 and <= 1);
    private static readonly LayerOption<bool> Units = LayerOption.Flag("units", "targets whole units, by the norm of their weights");

    public static IReadOnlyList<LayerOption> All { get; } = [LayerOption.P, Share, Units];

    public static TargetedDropoutLinear Create(long numInputs, LayerSettings settings) =>
        nn.TargetedDropoutLinear(numInputs, settings.NumFeatures, settings.P, settings.Layer.Of(Share), settings.Layer.Of(Units));
}

/// <summary>The options of <c>standout</c>.</summary>
internal static class StandoutSettings
{
    public static LayerOption<double> Alpha { get; } = LayerOption.Real("alpha", "how much rates depend on the units", "a finite number", 1, double.IsFinite);
}

/// <summary>The options of <c>stochastic-depth</c>.</summary>
internal static class StochasticDepthSettings
{
    public static LayerOption<StochasticDepthMode> Mode { get; } = LayerOption.OneOf(
        "mode", "what one draw decides about", ("row", StochasticDepthMode.Row), ("batch", StochasticDepthMode.Batch));
}
