using System.Buffers;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>Drop rates by the rank of gaps in host memory, in place and with the bits of <see cref="GapRates.Of"/>, whose operators cost more than the rest of a small step.</summary>
internal static class HostGapRates
{
    private const int Digits = 256;

    /// <summary>Replaces the rates; where all gaps are NaN they stay.</summary>
    /// <param name="gap">Float32, F elements, contiguous.</param>
    /// <param name="ascending">The F rates in the order of ranks.</param>
    /// <param name="keepLargest">Whether the largest gaps get the smallest rates.</param>
    /// <param name="rates">Float32 [F], contiguous.</param>
    public static void Replace(Tensor gap, ReadOnlySpan<float> ascending, bool keepLargest, Tensor rates)
    {
        var count = ascending.Length;
        var keys = ArrayPool<ulong>.Shared.Rent(count);
        var sorted = ArrayPool<ulong>.Shared.Rent(count);
        if (Key(gap.Elements<float>(), keepLargest, keys))
        {
            Sort(keys.AsSpan(0, count), sorted.AsSpan(0, count));
            var target = rates.Elements<float>();
            for (var i = 0; i < count; i++)
                target[(int)(uint)keys[i]] = ascending[i];
        }

        ArrayPool<ulong>.Shared.Return(keys);
        ArrayPool<ulong>.Shared.Return(sorted);
        GC.KeepAlive(gap);
        GC.KeepAlive(rates);
    }

    // The high half of a key has the order of its gap, the low half is the number of the neuron. Returns whether there is any gap.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Key(ReadOnlySpan<float> gap, bool negate, ulong[] keys)
    {
        var isAny = false;
        for (var i = 0; i < gap.Length; i++)
        {
            isAny |= !float.IsNaN(gap[i]);
            // Adding 0 makes −0 the 0 that it equals.
            var value = float.IsFinite(gap[i]) ? (negate ? -gap[i] : gap[i]) + 0f : float.NegativeInfinity;
            var bits = BitConverter.SingleToUInt32Bits(value);
            keys[i] = ((ulong)(bits ^ (bits >> 31 == 1 ? uint.MaxValue : 0x80000000)) << 32) | (uint)i;
        }

        return isAny;
    }

    // By the four digits of the high half, the lowest first: stable, and without comparisons, which a processor mispredicts.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sort(Span<ulong> keys, Span<ulong> other)
    {
        Span<int> begin = stackalloc int[Digits];
        for (var shift = 32; shift < 64; shift += 8)
        {
            begin.Clear();
            foreach (var key in keys)
                begin[(byte)(key >> shift)]++;
            var sum = 0;
            for (var digit = 0; digit < Digits; digit++)
                (begin[digit], sum) = (sum, sum + begin[digit]);
            foreach (var key in keys)
                other[begin[(byte)(key >> shift)]++] = key;
            var swapped = keys;
            keys = other;
            other = swapped;
        }
    }
}
