namespace NsDropoutTorch.Experiments;

/// <summary>The options of <c>nsdropout</c>; what none of them names is as in the reference notebooks, the scale too, under every protocol.</summary>
internal static class NSDropoutChoices
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

    public static IReadOnlyList<LayerOption> All { get; } = [LayerOption.P, Absolute, KeepLargest, Shared, Momentum, Warmup, Eval, ScaleByCount, ScaleBackward, ScaleEval];

    public static NSDropoutOptions Of(LayerSpecification layer) => NSDropoutOptions.Reference with
    {
        AbsoluteGap = layer.Of(Absolute),
        KeepLargest = layer.Of(KeepLargest),
        SharedMask = layer.Of(Shared),
        Momentum = layer.Find(Momentum),
        WarmupSteps = layer.Of(Warmup),
        EvalMode = layer.Of(Eval),
        ScaleByCount = layer.Of(ScaleByCount),
        ScaleBackward = layer.Of(ScaleBackward),
        ScaleEval = layer.Of(ScaleEval),
    };
}
