using TorchSharp;
using static TorchSharp.torch;
using Primitives = System.Numerics.Tensors.TensorPrimitives;

namespace NsDropoutTorch.Training.Optimizers;

/// <summary>
/// Arithmetic on whole tensors of Float32 in host memory, read and written where they lie, for what a step does with all weights: operators cost microseconds for each of a dozen small ones.
/// </summary>
internal static class HostVectors
{
    /// <summary>Elements that stay in the nearest cache while one call after another works on them.</summary>
    public const int Block = 4096;

    /// <summary>Whether a tensor lies so.</summary>
    public static bool Reaches(Tensor tensor) => tensor.IsInPlace(ScalarType.Float32) && tensor.numel() <= int.MaxValue / sizeof(float);

    /// <summary>Works on the elements of a tensor: all at once, or those of a large one in parts by several threads. Parts begin at multiples of <see cref="Block"/>.</summary>
    /// <param name="tensor">What is divided.</param>
    /// <param name="work">Gets the begin and the end of a part.</param>
    public static void Divide(Tensor tensor, Action<int, int> work)
    {
        var length = (int)tensor.numel();
        HostMemory.Divide((length + Block - 1) / Block, length, (first, end) => work(first * Block, Math.Min(end * Block, length)));
    }

    /// <summary>Σx². Blocks are added in their order, whatever the number of threads.</summary>
    public static double SumOfSquares(Tensor tensor)
    {
        var sums = new double[((int)tensor.numel() + Block - 1) / Block];
        Divide(tensor, (start, end) =>
        {
            var elements = tensor.Elements<float>();
            for (var i = start; i < end; i += Block)
                sums[i / Block] = Primitives.SumOfSquares<float>(elements[i..Math.Min(i + Block, end)]);
        });
        return sums.Sum();
    }

    /// <summary>x ← factor·x.</summary>
    public static void Multiply(Tensor tensor, float factor) => Divide(tensor, (start, end) =>
    {
        var elements = tensor.Elements<float>()[start..end];
        Primitives.Multiply(elements, factor, elements);
    });

    /// <summary>a ← kept·a + added·x, with the bits of <c>a.mul_(kept).add_(x, alpha: added)</c>.</summary>
    public static void Blend(Tensor average, float kept, Tensor value, float added) => Divide(average, (start, end) =>
    {
        var to = average.Elements<float>();
        var from = value.Elements<float>();
        for (var i = start; i < end; i += Block)
        {
            var block = i..Math.Min(i + Block, end);
            Primitives.Multiply(to[block], kept, to[block]);
            Primitives.FusedMultiplyAdd(from[block], added, to[block], to[block]);
        }
    });
}
