using NsDropoutTorch.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>Small models and data for tests of the trainer.</summary>
internal static class Models
{
    /// <summary>Three classes, each a cloud around its own corner; <paramref name="count"/> points in four dimensions.</summary>
    public static TensorData Clouds(int count, long seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var labels = randint(3, [count], dtype: ScalarType.Int64, generator: generator);
        var centres = tensor(new float[] { 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0 }, 3, 4);
        return new(centres.index_select(0, labels) + randn([count, 4], generator: generator), labels);
    }

    public static nn.Module<Tensor, Tensor> Mlp(nn.Module<Tensor, Tensor>? layer = null, long seed = 1)
    {
        manual_seed(seed);
        return nn.Sequential(
            ("hidden", nn.Linear(4, 16)),
            ("relu", nn.ReLU()),
            ("layer", layer ?? nn.Identity()),
            ("output", nn.Linear(16, 3)));
    }

    public static float[] Weights(nn.Module model) =>
        [.. model.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];
}
