using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Support;

internal static class Layers
{
    /// <summary>A layer with a filled cache that has done one training step, so that it has masks.</summary>
    public static NSDropout Trained(
        long numFeatures = 8, long numClasses = 3, double p = 0.5, NSDropoutOptions? options = null, ScalarType dtype = ScalarType.Float64)
    {
        using var scope = NewDisposeScope();
        var layer = torch.nn.NSDropout(numFeatures, numClasses, p, options, dtype: dtype);
        layer.CacheValidation(Data.Normal(101, 30, numFeatures, dtype), Balanced(30, numClasses));
        layer.forward(Data.Normal(102, 30, numFeatures, dtype), Balanced(30, numClasses));
        return layer;
    }

    /// <summary>Labels 0, 1, …, C−1, 0, 1, … so that every class is there.</summary>
    public static Tensor Balanced(long count, long numClasses) => arange(count, ScalarType.Int64).remainder(numClasses);

    public static bool[][] Masks(NSDropoutModule layer) =>
        [.. Data.Values(layer.class_masks).Select(v => v != 0).Chunk((int)layer.numFeatures)];
}
