using static TorchSharp.torch;

namespace NsDropoutTorch.Display;

/// <summary>An NSDropout layer in a notebook: its masks.</summary>
internal sealed class NSDropoutFormatters() : FormatterSource<NSDropoutModule>(layer => MaskPicture.Of(layer.ToString(), Masks(layer.class_masks)))
{
    private static bool[][] Masks(Tensor masks)
    {
        using var scope = NewDisposeScope();
        return [.. masks.cpu().data<bool>().ToArray().Chunk((int)masks.size(1))];
    }
}
