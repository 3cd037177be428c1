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

    /// <summary>While frozen: how many neurons, drawn at random, a step exchanges for dropped ones of a class drawn at random.</summary>
    public int RandomSwaps { get; init; }

    /// <summary>The layer whose masks they are.</summary>
    public NSDropout Layer => layer;

    /// <summary>The input times the mask of each row's class, scaled as in training.</summary>
    public Tensor Masked(Tensor input, Tensor labels) => NSDropoutMath.Apply(input, layer.class_masks, labels, NSDropoutMath.KeepScale(layer.p));

    public override Tensor forward(Tensor input)
    {
        if (!training || !IsFrozen) return layer.call(input);
        using var scope = NewDisposeScope();
        for (var i = 0; i < RandomSwaps; i++) Swap(layer.class_masks[randint(layer.num_classes, [1]).item<long>()]);
        return Masked(input, LabelScope.Current!.For(input.size(0), layer.num_classes, input.device)).MoveToOuterDisposeScope();
    }

    private static void Swap(Tensor mask)
    {
        using var noGradients = no_grad();
        foreach (var one in new[] { mask, mask.logical_not() }.Select(side => side.nonzero().flatten()).Select(places => places[randint(places.size(0), [1])]).ToArray())
            mask.index_put_(mask[one].logical_not(), one);
    }
}
