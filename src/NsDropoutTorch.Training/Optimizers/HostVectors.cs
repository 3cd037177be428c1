using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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

    private const float SmallestNormal = 1.17549435e-38f; // 2⁻¹²⁶

    /// <summary>Whether a tensor lies so.</summary>
    public static bool Reaches(Tensor tensor) => tensor.IsInPlace(ScalarType.Float32) && tensor.numel() <= int.MaxValue / sizeof(float);

    /// <summary>Works on the elements of a tensor: all at once, or those of a large one in parts by several threads. Parts begin at multiples of <see cref="Block"/>.</summary>
    /// <param name="tensor">What is divided.</param>
    /// <param name="state">What the work needs.</param>
    /// <param name="work">Gets it, the begin and the end of a part.</param>
    public static void Divide<TState>(Tensor tensor, TState state, Action<TState, int, int> work)
    {
        var length = (int)tensor.numel();
        HostMemory.Divide(
            (length + Block - 1) / Block, length, (length, state, work), static (all, first, end) => all.work(all.state, first * Block, Math.Min(end * Block, all.length)));
    }

    /// <summary>Σx². Blocks are added in their order, whatever the number of threads.</summary>
    public static double SumOfSquares(Tensor tensor)
    {
        var sums = new double[((int)tensor.numel() + Block - 1) / Block];
        Divide(tensor, (tensor, sums), static (all, start, end) =>
        {
            var elements = all.tensor.Elements<float>();
            for (var i = start; i < end; i += Block)
                all.sums[i / Block] = Primitives.SumOfSquares<float>(elements[i..Math.Min(i + Block, end)]);
        });
        return sums.Sum();
    }

    /// <summary>x ← factor·x.</summary>
    public static void Multiply(Tensor tensor, float factor) => Divide(tensor, (tensor, factor), static (all, start, end) =>
    {
        var elements = all.tensor.Elements<float>()[start..end];
        Primitives.Multiply(elements, all.factor, elements);
    });

    /// <summary>a ← kept·a + added·x, with the bits of <c>a.mul_(kept).add_(x, alpha: added)</c> but for denormal numbers, see <see cref="WithoutDenormals(float)"/>.</summary>
    public static void Blend(Tensor average, float kept, Tensor value, float added) => Divide(average, (average, kept, value, added), static (all, start, end) =>
        Blend(all.average.Elements<float>()[start..end], all.kept, all.value.Elements<float>()[start..end], all.added));

    /// <summary>Likewise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Blend(Span<float> average, float kept, ReadOnlySpan<float> value, float added)
    {
        var averages = MemoryMarshal.Cast<float, Vector256<float>>(average);
        var values = MemoryMarshal.Cast<float, Vector256<float>>(value);
        for (var i = 0; i < averages.Length; i++)
            averages[i] = WithoutDenormals(Vector256.FusedMultiplyAdd(values[i], Vector256.Create(added), averages[i] * kept));
        for (var i = averages.Length * Vector256<float>.Count; i < average.Length; i++)
            average[i] = WithoutDenormals(MathF.FusedMultiplyAdd(value[i], added, average[i] * kept));
    }

    /// <summary>x ← 0 where y ≤ 0: a ReLU where y is x, and its gradient where x is that of its output y.</summary>
    public static void Rectify(Tensor tensor, Tensor by) => Divide(tensor, (tensor, by), static (all, start, end) =>
        Rectify(all.tensor.Elements<float>()[start..end], all.by.Elements<float>()[start..end]));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rectify(Span<float> numbers, ReadOnlySpan<float> by)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(numbers);
        var signs = MemoryMarshal.Cast<float, Vector256<float>>(by);
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] = Vector256.AndNot(vectors[i], Vector256.LessThanOrEqual(signs[i], Vector256<float>.Zero));
        for (var i = vectors.Length * Vector256<float>.Count; i < numbers.Length; i++)
            numbers[i] = by[i] <= 0 ? 0 : numbers[i];
    }

    /// <summary>Numbers with 0 for those below 2⁻¹²⁶. An average fades to them once it averages zeros. Processors take several times as long for such numbers, and in a weight they are lost.</summary>
    public static Vector256<float> WithoutDenormals(Vector256<float> numbers) =>
        Vector256.ConditionalSelect(Vector256.LessThan(Vector256.Abs(numbers), Vector256.Create(SmallestNormal)), Vector256<float>.Zero, numbers);

    /// <summary>Likewise.</summary>
    public static float WithoutDenormals(float number) => Math.Abs(number) < SmallestNormal ? 0 : number;
}
