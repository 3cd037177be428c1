using static TorchSharp.torch;

namespace NsDropoutTorch;

public abstract partial class NSDropoutModule : IVjp
{
    /// <inheritdoc/>
    public (Tensor Output, Func<Tensor, Tensor> Product)? Vjp(Tensor input)
    {
        CheckInput(input);
        if (!training || !IsMasking || input.ndim != 2) return null;
        return options.GapShare is null ? VjpOfClassMasks(input) : VjpOfDrawnMask(input);
    }

    private (Tensor, Func<Tensor, Tensor>)? VjpOfDrawnMask(Tensor input)
    {
        if (!HostMask.Reaches(input)) return null;
        var labels = TrainingLabels(input);
        TakeStep(input, labels, masked: true);
        if (options.SharedMask) labels.Dispose(); // Zeros, made for this step.
        var mask = HostRates.Draw(drop_rates!, generator);
        return (mask.Multiply(input), mask.Multiply);
    }

    private (Tensor, Func<Tensor, Tensor>)? VjpOfClassMasks(Tensor input)
    {
        if (!UsesLabels) return null;
        var labels = TrainingLabels(input);
        TakeStep(input, labels, masked: true);
        // None where the factors of forward and backward differ, or those of rows.
        var masks = class_masks;
        var mask = options.ScaleBackward && CommonScale(masks, scaled: true) is { } scale ? HostClassMasks.For(input, masks, labels, scale) : null;
        return (mask?.Multiply(input) ?? Masked(input, labels, scaled: true), ProductOf(mask, labels));
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
