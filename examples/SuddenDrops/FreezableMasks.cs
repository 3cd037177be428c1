using NsDropoutTorch;
using TorchSharp;
using static TorchSharp.torch;

namespace SuddenDrops;

/// <summary>NSDropout whose class masks can be told to stay as they are while training goes on.</summary>
internal sealed class FreezableMasks : nn.Module<Tensor, Tensor>
{
    private readonly NSDropout layer;

    public FreezableMasks(NSDropout layer)
        : base(nameof(FreezableMasks))
    {
        this.layer = layer;
        RegisterComponents();
    }

    /// <summary>Whether training uses the masks without choosing them anew.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>The layer whose masks they are.</summary>
    public NSDropout Layer => layer;

    /// <summary>The input times the mask of each row's class, scaled as in training.</summary>
    public Tensor Masked(Tensor input, Tensor labels) => NSDropoutMath.Apply(input, layer.class_masks, labels, NSDropoutMath.KeepScale(layer.p));

    public override Tensor forward(Tensor input) =>
        training && IsFrozen ? Masked(input, LabelScope.Current!.For(input.size(0), layer.num_classes, input.device)) : layer.call(input);
}
