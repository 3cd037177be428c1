using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Examples;

/// <summary>
/// Each of 512 pixel values has a learned vector of 10 numbers; 1×1 patches of them meet the sum of all 3×3 patches of their channel, then come linear layers.
/// </summary>
internal sealed class PixelNetwork : nn.Module<Tensor, Tensor>
{
    private const int Dimension = 10;

    private readonly Embedding embedding = nn.Embedding(512, Dimension);
    private readonly Linear fc1;
    private readonly Linear fc2 = nn.Linear(1000, 100);
    private readonly Linear fc3 = nn.Linear(100, 10);

    /// <param name="channels">Channels of an image.</param>
    /// <param name="height">Rows of an image, at least 3.</param>
    /// <param name="width">Columns of an image, at least 3.</param>
    public PixelNetwork(int channels, int height, int width)
        : base(nameof(PixelNetwork))
    {
        fc1 = nn.Linear(channels * height * width * Dimension, 1000);

        // Sums of 8,100 numbers of size 1, as embeddings have by default, begin with a loss in the thousands.
        nn.init.normal_(embedding.weight!, 0, 0.01);
        RegisterComponents();
    }

    /// <param name="input">Pixels in [-1, 1], shape [N,C,H,W].</param>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var values = ((input * 255) + 256).round().to(ScalarType.Int64);
        var pixels = embedding.call(values); // [N,C,H,W,10]
        var single = pixels.unfold(2, 1, 1).unfold(3, 1, 1); // [N,C,H,W,10,1,1]
        var patches = pixels.unfold(2, 3, 1).unfold(3, 3, 1).flatten(start_dim: 5); // [N,C,H-2,W-2,10,9]
        var combined = einsum("abcdefg,abijek->abcde", single, patches); // [N,C,H,W,10]
        return fc3.call(fc2.call(fc1.call(combined.flatten(start_dim: 1)))).MoveToOuterDisposeScope();
    }
}
