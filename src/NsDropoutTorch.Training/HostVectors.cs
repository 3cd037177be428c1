using TorchSharp;
using static TorchSharp.torch;
using Primitives = System.Numerics.Tensors.TensorPrimitives;

namespace NsDropoutTorch.Training;

/// <summary>
/// Arithmetic on whole tensors of Float32 in host memory, read and written where they lie, for what a step does with all weights: operators cost microseconds for each of a dozen small ones.
/// </summary>
internal static class HostVectors
{
    // Stays in the nearest cache.
    private const int Block = 4096;

    /// <summary>Whether a tensor lies so.</summary>
    public static bool Reaches(Tensor tensor) => tensor.IsInPlace(ScalarType.Float32) && tensor.numel() <= int.MaxValue / sizeof(float);

    /// <summary>Σx². Blocks are added in their order, whatever the number of threads.</summary>
    public static double SumOfSquares(Tensor tensor)
    {
        var length = (int)tensor.numel();
        var sums = new double[(length + Block - 1) / Block];
        HostMemory.Divide(sums.Length, length, (first, end) =>
        {
            var elements = tensor.Elements<float>();
            for (var block = first; block < end; block++)
                sums[block] = Primitives.SumOfSquares<float>(elements[Part(block, length)]);
        });
        return sums.Sum();
    }

    /// <summary>x ← factor·x.</summary>
    public static void Multiply(Tensor tensor, float factor) => HostMemory.Divide((int)tensor.numel(), tensor.numel(), (first, end) =>
    {
        var elements = tensor.Elements<float>()[first..end];
        Primitives.Multiply(elements, factor, elements);
    });

    /// <summary>a ← kept·a + added·x, with the bits of <c>a.mul_(kept).add_(x, alpha: added)</c>.</summary>
    public static void Blend(Tensor average, float kept, Tensor value, float added)
    {
        var length = (int)average.numel();
        HostMemory.Divide((length + Block - 1) / Block, length, (first, end) =>
        {
            var to = average.Elements<float>();
            var from = value.Elements<float>();
            for (var block = first; block < end; block++)
            {
                var elements = to[Part(block, length)];
                Primitives.Multiply(elements, kept, elements);
                Primitives.FusedMultiplyAdd(from[Part(block, length)], added, elements, elements);
            }
        });
    }

    private static Range Part(int block, int length) => (block * Block)..Math.Min((block + 1) * Block, length);
}
