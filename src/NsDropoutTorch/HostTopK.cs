using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// Masks from gaps in host memory, read in place. libtorch's <c>topk</c> compares and swaps, and a processor mispredicts every other comparison of gaps that it has not
/// seen: 10 ns per gap. This class looks for a threshold and counts the gaps above it with vector instructions: under 1 ns per gap.
/// Keys are nearly proportional to gaps within an octave, so the search strides by octaves until the threshold is between two of them, and interpolates from then on.
/// </summary>
internal static class HostTopK
{
    /// <summary>Whether <see cref="DropMask"/> can read these gaps.</summary>
    /// <param name="gap">[C, F].</param>
    public static bool Reaches(Tensor gap) =>
        gap.device_type == DeviceType.CPU && gap.dtype is ScalarType.Float32 or ScalarType.Float64 && gap.numel() <= int.MaxValue / sizeof(double);

    /// <summary>Masks that drop the k largest gaps of each row, or the smallest; the lower-numbered of equal ones, and what is not finite last of all.</summary>
    /// <param name="gap">[C, F].</param>
    /// <param name="k">In [1, F].</param>
    /// <param name="smallest">Whether the smallest are dropped.</param>
    /// <returns>Bool [C, F], true where the neuron is kept.</returns>
    public static Tensor DropMask(Tensor gap, int k, bool smallest)
    {
        using var rows = gap.contiguous();
        var keep = empty(gap.size(0), gap.size(1), ScalarType.Bool);
        Select(rows, k, smallest, keep, []);
        return keep;
    }

    /// <summary>Replaces the masks of the classes whose gaps are known by those that <see cref="DropMask"/> would make.</summary>
    /// <param name="gap">[C, F], contiguous.</param>
    /// <param name="known">Bool [C].</param>
    /// <param name="k">In [0, F].</param>
    /// <param name="smallest">Whether the smallest are dropped.</param>
    /// <param name="masks">Bool [C, F], contiguous.</param>
    public static void Replace(Tensor gap, Tensor known, int k, bool smallest, Tensor masks) =>
        Select(gap, k, smallest, masks, known.Elements<bool>());

    private static void Select(Tensor gap, int k, bool smallest, Tensor masks, ReadOnlySpan<bool> known)
    {
        var width = (int)gap.size(1);
        var keep = masks.Elements<bool>();
        if (gap.dtype is ScalarType.Float32)
            Select(gap.Elements<int>(), BitConverter.SingleToInt32Bits(float.PositiveInfinity), width, k, smallest, keep, known);
        else
            Select(gap.Elements<long>(), BitConverter.DoubleToInt64Bits(double.PositiveInfinity), width, k, smallest, keep, known);
    }

    // No rows of known: all are.
    private static void Select<T>(ReadOnlySpan<T> bits, T infinity, int width, int k, bool smallest, Span<bool> keep, ReadOnlySpan<bool> known)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var vectors = (width + Vector<T>.Count - 1) / Vector<T>.Count;
        var rented = ArrayPool<T>.Shared.Rent(vectors * Vector<T>.Count);
        var keys = rented.AsSpan(0, vectors * Vector<T>.Count);
        var near = infinity >> 1; // The bits of 1.5; later the threshold of the row before.
        for (var start = 0; start < bits.Length; start += width)
        {
            if (known.Length > 0 && !known[start / width]) continue;
            bits.Slice(start, width).CopyTo(keys);
            keys[width..].Fill(infinity);
            Rank(MemoryMarshal.Cast<T, Vector<T>>(keys), infinity, smallest);
            var (threshold, above) = Threshold(MemoryMarshal.Cast<T, Vector<T>>(keys), k, infinity, near);
            Drop(keys, threshold, k - above, keep.Slice(start, width));
            if (!T.IsZero(threshold)) near = T.Max(threshold, ~threshold);
        }

        ArrayPool<T>.Shared.Return(rented);
    }

    /// <summary>Turns the bits of numbers into integers in the same order, or the reverse; 0 becomes 0, and what is not finite comes first in both.</summary>
    private static void Rank<T>(Span<Vector<T>> keys, T infinity, bool smallest)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var (exponent, first, reversal) = (new Vector<T>(infinity), new Vector<T>(T.MinValue), smallest ? Vector<T>.AllBitsSet : Vector<T>.Zero);
        foreach (ref var key in keys)
        {
            // The bits of −0 are those of the least integer; it is equal to 0.
            var bits = Vector.ConditionalSelect(Vector.Equals(key, first), Vector<T>.Zero, key);
            var ascending = bits ^ (Vector.LessThan(bits, Vector<T>.Zero) & new Vector<T>(T.MaxValue));
            key = Vector.ConditionalSelect(Vector.Equals(bits & exponent, exponent), first, (ascending ^ reversal) - reversal);
        }
    }

    /// <summary>Drops what is above the threshold, and the first so many of what equals it.</summary>
    private static void Drop<T>(ReadOnlySpan<T> keys, T threshold, int equal, Span<bool> keep)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var done = typeof(T) == typeof(int) ? NotAbove(MemoryMarshal.Cast<T, int>(keys), int.CreateTruncating(threshold), MemoryMarshal.AsBytes(keep)) : 0;
        for (var i = done; i < keep.Length; i++)
            keep[i] = keys[i] <= threshold;

        for (var i = 0; equal > 0; i++)
        {
            if (keys[i] != threshold) continue;
            keep[i] = false;
            equal--;
        }
    }

    /// <summary>Writes 1 where a key is not above the threshold and 0 elsewhere, as far as that fills vectors; returns how far.</summary>
    private static int NotAbove(ReadOnlySpan<int> keys, int threshold, Span<byte> keep)
    {
        var bound = Vector256.Create(threshold);
        ref var from = ref MemoryMarshal.GetReference(keys);
        ref var to = ref MemoryMarshal.GetReference(keep);
        nuint i = 0;
        for (; i + 32 <= (nuint)keep.Length; i += 32)
        {
            var first = Vector256.Narrow(Vector256.GreaterThan(Vector256.LoadUnsafe(ref from, i), bound), Vector256.GreaterThan(Vector256.LoadUnsafe(ref from, i + 8), bound));
            var second = Vector256.Narrow(Vector256.GreaterThan(Vector256.LoadUnsafe(ref from, i + 16), bound), Vector256.GreaterThan(Vector256.LoadUnsafe(ref from, i + 24), bound));
            (Vector256<byte>.One + Vector256.Narrow(first, second).AsByte()).StoreUnsafe(ref to, i); // True is 255.
        }

        return (int)i;
    }

    /// <summary>A key above which there are k, or else the k-th largest key and how many are above it.</summary>
    /// <param name="keys">As <see cref="Rank"/> makes them.</param>
    /// <param name="k">In [0, F].</param>
    /// <param name="infinity">Above all keys.</param>
    /// <param name="near">Above 0: where to look first, on the side of 0 where the threshold is.</param>
    private static (T Threshold, int Above) Threshold<T>(ReadOnlySpan<Vector<T>> keys, int k, T infinity, T near)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        // Neurons that never fire all have a gap of 0, and so it is often the k-th largest.
        var aboveZero = CountAbove(keys, T.Zero);
        var fromZero = aboveZero < k ? CountAbove(keys, -T.One) : aboveZero;
        if (aboveZero == k || fromZero >= k && aboveZero < k) return (T.Zero, aboveZero);

        var isPositive = aboveZero > k;
        var (low, aboveLow) = isPositive ? (T.One, aboveZero) : (T.MinValue, keys.Length * Vector<T>.Count);
        var (high, aboveHigh) = isPositive ? (infinity, 0) : (-T.One, fromZero);
        var middle = T.Clamp(isPositive ? near : -near, low, high - T.One);
        var stride = (infinity & -infinity) >> 1; // Half an octave.
        var (isAboveLow, isBelowHigh) = (false, false);
        for (var step = 0; ; step++)
        {
            var above = CountAbove(keys, middle);
            if (above == k) return (middle, above);
            if (above < k)
                (high, aboveHigh, isBelowHigh) = (middle, above, true);
            else
                (low, aboveLow, isAboveLow) = (middle + T.One, above, true);
            if (low >= high) return (high, aboveHigh);

            if (isAboveLow && isBelowHigh)
                middle = step % 3 == 2 ? Mean(low, high) : Between(low, high, (double)(aboveLow - k) / (aboveLow - aboveHigh));
            else if (stride > (high - low) >> 1)
                middle = Mean(low, high);
            else
                (middle, stride) = (isAboveLow ? low + stride : high - stride, stride << 1);
        }
    }

    // Rounded down, where their sum would overflow.
    private static T Mean<T>(T low, T high)
        where T : struct, IBinaryInteger<T> => (low & high) + ((low ^ high) >> 1);

    private static T Between<T>(T low, T high, double share)
        where T : struct, IBinaryInteger<T>
    {
        var (first, last) = (double.CreateTruncating(low), double.CreateTruncating(high));
        return T.Clamp(T.CreateSaturating(first + ((last - first) * share)), low, high - T.One);
    }

    private static int CountAbove<T>(ReadOnlySpan<Vector<T>> keys, T threshold)
        where T : struct, IBinaryInteger<T>
    {
        var (bound, count) = (new Vector<T>(threshold), Vector<T>.Zero);
        foreach (ref readonly var key in keys)
            count -= Vector.GreaterThan(key, bound); // True is −1.
        return int.CreateTruncating(Vector.Sum(count));
    }
}
