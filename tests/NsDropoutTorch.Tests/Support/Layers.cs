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

    /// <summary>The module itself, in eval mode.</summary>
    public static T Eval<T>(T module)
        where T : nn.Module
    {
        module.eval();
        return module;
    }

    /// <summary>One row [1, 2] of a value goes through a model, labelled 0 by a scope.</summary>
    public static void Call(nn.Module<Tensor, Tensor> model, double value)
    {
        using var labels = zeros(1, ScalarType.Int64);
        using var x = full(1, 2, value);
        using (LabelScope.Use(labels))
            model.call(x).Dispose();
    }

    /// <summary>Captures a validation pass and completes the capture.</summary>
    public static void Capture(nn.Module model, Action pass)
    {
        using var capture = ValidationCapture.Begin(model);
        pass();
        capture.Complete();
    }

    /// <summary>Labels 0, 1, …, C−1, 0, 1, … so that every class is there.</summary>
    public static Tensor Balanced(long count, long numClasses) => arange(count, ScalarType.Int64).remainder(numClasses);

    public static bool[][] Masks(NSDropoutModule layer) =>
        [.. Data.Values(layer.class_masks).Select(v => v != 0).Chunk((int)layer.num_features)];
}
