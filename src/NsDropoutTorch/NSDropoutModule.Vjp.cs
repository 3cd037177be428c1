using static TorchSharp.torch;

namespace NsDropoutTorch;

public abstract partial class NSDropoutModule : IVjp
{
    /// <inheritdoc/>
    public (Tensor Output, Func<Tensor, Tensor> Product)? Vjp(Tensor input)
    {
        CheckInput(input);
        if (!training || !IsMasking || input.ndim != 2 || !(options.GapShare is null ? UsesLabels : HostMask.Reaches(input))) return null;
        var labels = TrainingLabels(input);
        TakeStep(input, labels, masked: true);
        var mask = HostMaskOf(input, labels);
        if (options.SharedMask) labels.Dispose();
        return mask is null ? (Masked(input, labels, scaled: true), ProductOf(labels)) : (mask.Multiply(input), mask.Multiply);
    }

    // Null where factors of rows differ, or forward and backward, or tensors do not lie in host memory.
    private HostMask? HostMaskOf(Tensor input, Tensor labels)
    {
        if (options.GapShare is not null) return HostRates.Draw(drop_rates!, generator);
        var masks = class_masks;
        return options.ScaleBackward && HostClassMasks.Reaches(input, masks, labels) && CommonScale(masks, scaled: true) is { } scale ? new HostClassMasks(masks, labels, scale) : null;
    }

    private Func<Tensor, Tensor> ProductOf(Tensor labels) => gradient => Masked(gradient, labels, options.ScaleBackward);

    private Tensor Masked(Tensor input, Tensor labels, bool scaled)
    {
        using var scope = NewDisposeScope();
        return ApplyMasks(input, labels, scaled, options.ScaleBackward).MoveToOuterDisposeScope();
    }
}
