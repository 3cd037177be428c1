using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// A random mask in host memory whose columns have rates of their own. As <see cref="MaskBits"/>, but drawn by rows, each of which begins with a new block of draws,
/// and in chunks of whole rows with two streams each.
/// </summary>
internal sealed class HostRates : HostMask
{
    private const int Block = MaskBits.Block;
    private readonly ulong seed;
    private readonly int width;

    // A value for each column and as many as fill the last block.
    private readonly int[] bounds;
    private readonly float[] scales;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private HostRates(ulong seed, ReadOnlySpan<float> rates)
    {
        (this.seed, width) = (seed, rates.Length);
        var padded = (width + Block - 1) / Block * Block;
        (bounds, scales) = (new int[padded], new float[padded]);
        for (var i = 0; i < width; i++)
        {
            var threshold = MaskBits.Threshold(rates[i]);
            bounds[i] = (threshold << 16) ^ int.MinValue; // Words are compared as signed numbers, which every processor can do.
            scales[i] = (float)(1 / (1 - MaskBits.Rate(threshold)));
        }
    }

    /// <summary>Draws the seed of a mask.</summary>
    /// <param name="rates">Float [F], each in [0, 1), in host memory.</param>
    /// <param name="generator">A generator of the CPU; null takes torch's own.</param>
    public static HostRates Draw(Tensor rates, Generator? generator)
    {
        if (rates.IsInPlace(ScalarType.Float32)) return new(MaskBits.Seed(generator), rates.Elements<float>());

        using var scope = NewDisposeScope();
        return new(MaskBits.Seed(generator), rates.to(ScalarType.Float32).contiguous().Elements<float>());
    }

    protected override void Multiply(Tensor source, Tensor target)
    {
        var rows = (int)source.size(0);
        var rowsEach = Math.Max(1, MaskBits.ChunkSize / bounds.Length);
        var chunks = (rows + rowsEach - 1) / rowsEach;
        HostMemory.Divide(chunks, source.numel(), (mask: this, source, target, rows, rowsEach), static (all, first, end) =>
        {
            var from = all.source.Elements<float>();
            var to = all.target.Elements<float>();
            for (var chunk = first; chunk < end; chunk++)
            {
                var part = (chunk * all.rowsEach * all.mask.width)..(Math.Min((chunk + 1) * all.rowsEach, all.rows) * all.mask.width);
                all.mask.MultiplyRows(from[part], to[part], chunk);
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void MultiplyRows(ReadOnlySpan<float> source, Span<float> target, int chunk)
    {
        var even = new RandomLanes(seed, 2 * chunk);
        var odd = new RandomLanes(seed, (2 * chunk) + 1);
        Span<float> rest = stackalloc float[Block];
        var whole = width - (width % Block);
        ref var last = ref MemoryMarshal.GetReference(rest);
        for (var start = 0; start < target.Length; start += width)
        {
            ref var from = ref Unsafe.Add(ref MemoryMarshal.GetReference(source), start);
            ref var to = ref Unsafe.Add(ref MemoryMarshal.GetReference(target), start);
            for (var i = 0; i < whole; i += Block)
                MultiplyBlock(ref Unsafe.Add(ref from, i), ref Unsafe.Add(ref to, i), i, even.Next(), odd.Next());
            if (whole == width) continue;
            source.Slice(start + whole, width - whole).CopyTo(rest);
            MultiplyBlock(ref last, ref last, whole, even.Next(), odd.Next());
            rest[..(width - whole)].CopyTo(target[(start + whole)..]);
        }
    }

    // A word of 32 bits is two draws: its high half for an element, its low half for the eighth after that.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MultiplyBlock(ref float from, ref float to, int column, Vector256<int> first, Vector256<int> second)
    {
        ref var bound = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(bounds), column);
        ref var scale = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(scales), column);
        MultiplyVector(ref from, ref to, ref bound, ref scale, 0, first);
        MultiplyVector(ref from, ref to, ref bound, ref scale, 8, first << 16);
        MultiplyVector(ref from, ref to, ref bound, ref scale, 16, second);
        MultiplyVector(ref from, ref to, ref bound, ref scale, 24, second << 16);
    }

    // Multiplied, where one might choose between the element and 0: 0·NaN is NaN, as in PyTorch's dropout.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyVector(ref float from, ref float to, ref int bound, ref float scale, nuint i, Vector256<int> draws)
    {
        var dropped = Vector256.GreaterThan(Vector256.LoadUnsafe(ref bound, i), draws);
        (Vector256.LoadUnsafe(ref from, i) * Vector256.AndNot(Vector256.LoadUnsafe(ref scale, i), dropped.AsSingle())).StoreUnsafe(ref to, i);
    }
}
