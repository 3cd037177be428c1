using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>Gaps of Float32 activations in host memory, in one pass over them, with the bits that <see cref="NSDropoutMath.ClassSums"/>, a division and <see cref="NSDropoutMath.Gap"/> give.</summary>
internal static class HostGaps
{
    private const uint Lanes = 8;
    private const long ByClassUpTo = 262_144; // Elements that stay in a cache while the rows are read class by class.

    /// <summary>Writes the gaps of a batch, and which of them are known.</summary>
    /// <param name="activations">Float32 [N, F], contiguous, in host memory, as are all others.</param>
    /// <param name="labels">Int64 [N] in [0, C).</param>
    /// <param name="validation">Means, Float32 [C, F], and counts, Int64 [C], of the validation cache.</param>
    /// <param name="absolute">Whether gaps are absolute values.</param>
    /// <param name="gaps">Gets the gaps, Float32 [C, F]; NaN for a class without rows.</param>
    /// <param name="known">Gets whether the class has rows in both, Bool [C].</param>
    public static void Compute(Tensor activations, Tensor labels, (Tensor Means, Tensor Counts) validation, bool absolute, Tensor gaps, Tensor known)
    {
        var (classes, width) = ((int)gaps.size(0), (int)gaps.size(1));
        var rows = (int)activations.size(0);
        var counts = ArrayPool<int>.Shared.Rent(classes);
        var isByClass = classes == 1 || activations.numel() <= ByClassUpTo;
        var order = ArrayPool<int>.Shared.Rent(isByClass ? rows : 0);
        var classOf = labels.Elements<long>();
        Count(classOf, counts.AsSpan(0, classes));
        if (isByClass)
            Sort(classOf, counts.AsSpan(0, classes), order);
        Compare(counts, validation.Counts.Elements<long>(), known.Elements<bool>());

        // Threads divide the columns, so each sum adds its rows in their order, whatever the number of threads.
        HostMemory.Divide(width, activations.numel(), (activations, labels, validation.Means, absolute, gaps, counts, order: isByClass ? order : null), static (batch, first, end) => ComputeColumns(
            batch.activations.Elements<float>(), batch.order is null ? batch.labels.Elements<long>() : [], batch.Means.Elements<float>(), batch.absolute, batch.gaps, batch.counts, batch.order, first..end));
        GC.KeepAlive(activations);
        GC.KeepAlive(labels);
        ArrayPool<int>.Shared.Return(counts);
        ArrayPool<int>.Shared.Return(order);
    }

    // Rows class by class, in the order given; without one in their own, by their labels.
    private static void ComputeColumns(
        ReadOnlySpan<float> activations, ReadOnlySpan<long> labels, ReadOnlySpan<float> means, bool absolute, Tensor gaps, int[] counts, int[]? order, Range columns)
    {
        var (classes, width) = ((int)gaps.size(0), (int)gaps.size(1));
        var sums = gaps.Elements<float>();
        for (var c = 0; c < classes; c++)
            sums.Slice(c * width, width)[columns].Clear();
        if (order is not null)
            AddByClass(activations, counts.AsSpan(0, classes), order, sums, width, columns);
        else
            Add(activations, labels, sums, width, columns);
        for (var c = 0; c < classes; c++)
            Subtract(sums.Slice(c * width, width)[columns], counts[c], means.Slice(c * width, width)[columns], absolute);
    }

    private static void Count(ReadOnlySpan<long> labels, Span<int> counts)
    {
        counts.Clear();
        foreach (var label in labels)
            counts[(int)label]++;
    }

    private static void Compare(ReadOnlySpan<int> counts, ReadOnlySpan<long> validationCounts, Span<bool> known)
    {
        for (var c = 0; c < known.Length; c++)
            known[c] = counts[c] > 0 && validationCounts[c] > 0;
    }

    // The rows class by class, in their order within each.
    private static void Sort(ReadOnlySpan<long> labels, ReadOnlySpan<int> counts, Span<int> order)
    {
        Span<int> next = counts.Length <= 256 ? stackalloc int[counts.Length] : new int[counts.Length];
        for (var c = 1; c < next.Length; c++)
            next[c] = next[c - 1] + counts[c - 1];
        for (var row = 0; row < labels.Length; row++)
            order[next[(int)labels[row]]++] = row;
    }

    private static void Add(ReadOnlySpan<float> activations, ReadOnlySpan<long> labels, Span<float> sums, int width, Range columns)
    {
        for (var row = 0; row < labels.Length; row++)
            Add(activations.Slice(row * width, width)[columns], sums.Slice((int)labels[row] * width, width)[columns]);
    }

    // Four rows of a class at a time where there are as many.
    private static void AddByClass(ReadOnlySpan<float> activations, ReadOnlySpan<int> counts, ReadOnlySpan<int> order, Span<float> sums, int width, Range columns)
    {
        for (var c = 0; c < counts.Length; c++)
        {
            var sum = sums.Slice(c * width, width)[columns];
            var rows = order[..counts[c]];
            order = order[counts[c]..];
            for (; rows.Length >= 4; rows = rows[4..])
                AddFour(activations, rows[..4], width, columns, sum);
            foreach (var row in rows)
                Add(activations.Slice(row * width, width)[columns], sum);
        }
    }

    // In their order too, but the sum is read and written once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddFour(ReadOnlySpan<float> activations, ReadOnlySpan<int> rows, int width, Range columns, Span<float> sum)
    {
        ref var first = ref MemoryMarshal.GetReference(activations.Slice(rows[0] * width, width)[columns]);
        ref var second = ref MemoryMarshal.GetReference(activations.Slice(rows[1] * width, width)[columns]);
        ref var third = ref MemoryMarshal.GetReference(activations.Slice(rows[2] * width, width)[columns]);
        ref var fourth = ref MemoryMarshal.GetReference(activations.Slice(rows[3] * width, width)[columns]);
        ref var to = ref MemoryMarshal.GetReference(sum);
        nuint i = 0;
        for (; i + Lanes <= (nuint)sum.Length; i += Lanes)
        {
            var vector = Vector256.LoadUnsafe(ref to, i) + Vector256.LoadUnsafe(ref first, i) + Vector256.LoadUnsafe(ref second, i);
            (vector + Vector256.LoadUnsafe(ref third, i) + Vector256.LoadUnsafe(ref fourth, i)).StoreUnsafe(ref to, i);
        }

        for (; i < (nuint)sum.Length; i++)
            sum[(int)i] = sum[(int)i] + Unsafe.Add(ref first, i) + Unsafe.Add(ref second, i) + Unsafe.Add(ref third, i) + Unsafe.Add(ref fourth, i);
    }

    private static void Add(ReadOnlySpan<float> values, Span<float> sum)
    {
        const int block = 4;
        ref var from = ref MemoryMarshal.GetReference(values);
        ref var to = ref MemoryMarshal.GetReference(sum);
        nuint i = 0;
        for (; i + (block * Lanes) <= (nuint)sum.Length; i += block * Lanes)
        {
            AddVector(ref from, ref to, i);
            AddVector(ref from, ref to, i + Lanes);
            AddVector(ref from, ref to, i + (2 * Lanes));
            AddVector(ref from, ref to, i + (3 * Lanes));
        }

        for (; i < (nuint)sum.Length; i++)
            sum[(int)i] += values[(int)i];
    }

    private static void AddVector(ref float from, ref float to, nuint i) => (Vector256.LoadUnsafe(ref to, i) + Vector256.LoadUnsafe(ref from, i)).StoreUnsafe(ref to, i);

    private static void Subtract(Span<float> sums, float count, ReadOnlySpan<float> means, bool absolute)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(sums);
        var subtracted = MemoryMarshal.Cast<float, Vector<float>>(means);
        for (var i = 0; i < vectors.Length; i++)
        {
            var gap = (vectors[i] / new Vector<float>(count)) - subtracted[i];
            vectors[i] = absolute ? Vector.Abs(gap) : gap;
        }

        for (var i = vectors.Length * Vector<float>.Count; i < sums.Length; i++)
        {
            var gap = (sums[i] / count) - means[i];
            sums[i] = absolute ? Math.Abs(gap) : gap;
        }
    }
}
