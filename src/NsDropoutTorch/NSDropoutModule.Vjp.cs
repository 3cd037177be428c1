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
        if (options.SharedMask) labels.Dispose(); // Zeros, made for this step.
        if (options.GapShare is not null) return (mask!.Multiply(input), mask.Multiply);
        return (mask?.Multiply(input) ?? Masked(input, labels, scaled: true), ProductOf(mask, labels));
    }

    // Null where factors of rows differ, or forward and backward, or tensors do not lie in host memory.
    private HostMask? HostMaskOf(Tensor input, Tensor labels)
    {
        if (options.GapShare is not null) return HostRates.Draw(drop_rates!, generator);
        var masks = class_masks;
        return options.ScaleBackward && HostClassMasks.Reaches(input, masks, labels) && CommonScale(masks, scaled: true) is { } scale ? new HostClassMasks(masks, labels, scale) : null;
    }

    private Func<Tensor, Tensor> ProductOf(HostMask? mask, Tensor labels)
    {
        var update = mask_updates;
        return gradient => mask_updates == update
            ? mask?.Multiply(gradient) ?? Masked(gradient, labels, options.ScaleBackward)
            : throw new InvalidOperationException($"the product of {GetName()} must be computed before the layer is called again, which changes its masks, but got it afterwards; call forward, whose graph keeps them.");
    }

    private Tensor Masked(Tensor input, Tensor labels, bool scaled)
    {
        using var scope = NewDisposeScope();
        return ApplyMasks(input, labels, scaled, options.ScaleBackward).MoveToOuterDisposeScope();
    }
}
