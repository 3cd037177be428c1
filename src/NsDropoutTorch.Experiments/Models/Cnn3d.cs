using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Models;

/// <summary>
/// A small network for volumes, which it makes of images: solid – convolution with 10 filters of 3×3×3 – ReLU – max pooling by 2 – [layer] – h₂ – ReLU – [layer] – … – classes.
/// </summary>
internal static class Cnn3d
{
    private const int Filters = 10;
    private const int KernelSize = 3;
    private const int Pool = 2;

    public static nn.Module<Tensor, Tensor> Build(ModelSettings settings)
    {
        var (height, width) = (settings.InputShape[1] / Pool, settings.InputShape[2] / Pool);
        return Cnn.Build(
            settings,
            before: [("solid", new Solid())],
            nn.Conv3d(settings.InputShape[0], Filters, KernelSize, padding: KernelSize / 2),
            nn.MaxPool3d([Pool, Pool, Pool]),
            settings.Regularization.AfterConvolution3d(1, Filters),
            Filters * (Solid.Layers / Pool) * height * width);
    }

    /// <summary>Images <c>[N,C,H,W]</c> as volumes <c>[N,C,D,H,W]</c> of 0 and 1: over each pixel the lowest layers are filled, one for each threshold that it reaches.</summary>
    private sealed class Solid : nn.Module<Tensor, Tensor>
    {
        public const int Layers = 8;

        public Solid()
            : base(nameof(Solid)) => register_buffer(
                "thresholds", tensor([.. Enumerable.Range(0, Layers).Select(layer => (0.5f * layer) - 1.75f)], new long[] { Layers, 1, 1 }).DetachFromDisposeScope());

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return input.unsqueeze(2).ge(get_buffer("thresholds")!).to(input.dtype).MoveToOuterDisposeScope();
        }
    }
}
