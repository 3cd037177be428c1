using Google.Protobuf;
using Tensorboard;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.TensorBoard;

/// <summary>A tensor as a picture in TensorBoard's form.</summary>
internal static class ImagePixels
{
    /// <summary>The picture of <c>[H, W]</c> or <c>[C, H, W]</c>, bytes or numbers in [0, 1].</summary>
    /// <exception cref="ArgumentException">The shape or the dtype is another.</exception>
    public static Summary.Types.Image Of(Tensor image)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var (channels, height, width) = Size(image.shape);
        var pixels = Bytes(image).contiguous().cpu().data<byte>().ToArray();
        return new()
        {
            Height = height,
            Width = width,
            Colorspace = channels,
            EncodedImageString = ByteString.CopyFrom(PngImage.Encode(channels, height, width, pixels)),
        };
    }

    private static (int Channels, int Height, int Width) Size(long[] shape) => shape switch
    {
        [> 0 and var height, > 0 and var width] => (1, (int)height, (int)width),
        [1 or 3, > 0 and var height, > 0 and var width] => ((int)shape[0], (int)height, (int)width),
        _ => throw Require.Broken($"an image must be [H, W] or [C, H, W] with 1 or 3 channels, but got [{string.Join(", ", shape)}]; take one image of a batch, and permute channels that come last."),
    };

    private static Tensor Bytes(Tensor image) => image.dtype switch
    {
        ScalarType.Byte => image,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64 =>
            image.detach().to(ScalarType.Float32).nan_to_num(0).mul(Scalars.Of(255)).round().clamp(Scalars.Of(0), Scalars.Of(255)).to(ScalarType.Byte),
        var other => throw Require.Broken($"an image must hold bytes or floating-point numbers in [0, 1], but got {other}; convert it by to(ScalarType.Byte)."),
    };
}
