using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// Random masks in host memory, where libtorch draws one number after the other, at 7 ns each: these take 0.1 to 0.2 ns (docs/performance.md).
/// </summary>
/// <remarks>
/// A mask is a function of its seed, which torch's generator draws: <c>manual_seed</c>, <c>get_rng_state</c> and resuming hold to the bit. The elements are cut into
/// chunks that have two streams of <see cref="RandomLanes"/> each, so the bits do not depend on the number of threads. Two, because a processor works on both at a time.
/// </remarks>
internal static class MaskBits
{
    internal const int ChunkSize = 16_384;
    internal const int Block = 32;
    private const double Draws16 = 1L << 16;
    private const double Draws32 = 1L << 32;

    /// <summary>A seed, drawn from torch's generator.</summary>
    /// <param name="generator">A generator of the CPU; null takes torch's own.</param>
    public static ulong Seed(Generator? generator)
    {
        using var draw = empty(1, ScalarType.Int64, CPU);
        using var drawn = draw.random_(0, 1L << 53, generator); // Every integer up to there is a Double, which it takes.
        return drawn.Elements<ulong>()[0];
    }

    /// <summary>Whether a tensor lies where this class can read and write it.</summary>
    public static bool Reaches(Tensor tensor) => tensor.device_type == DeviceType.CPU && tensor.numel() <= int.MaxValue / sizeof(float);

    /// <summary>A mask whose elements are true with probability 1−p: exact to 2⁻³² in host memory, and drawn by libtorch elsewhere.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="p">In [0, 1]; with 1 nothing is drawn, and all are false.</param>
    /// <param name="device">Where it lies.</param>
    /// <param name="generator">Source of the draw; null takes the device's own.</param>
    /// <returns>Bool.</returns>
    public static Tensor Keep(long[] shape, double p, Device? device, Generator? generator)
    {
        var keep = empty(shape, ScalarType.Bool, device);
        if (p == 1) return keep.zero_();
        if (!Reaches(keep)) return Draws.Fill(keep, 1 - p, generator);
        var (seed, threshold) = (Seed(generator), (uint)Math.Min(Math.Round(p * Draws32), Draws32 - 1));
        Keep(keep, seed, threshold);
        return keep;
    }

    /// <summary>How many of 2¹⁶ draws drop an element at rate p; never all of them.</summary>
    public static int Threshold(double p) => (int)Math.Min(Math.Round(p * Draws16), Draws16 - 1);

    /// <summary>The rate of a threshold.</summary>
    public static double Rate(int threshold) => threshold / Draws16;

    /// <summary>target = source · m / (1 − rate), where m is 0 at the rate of the threshold, and otherwise 1.</summary>
    /// <param name="source">Contiguous, Float32, and <see cref="Reaches"/> holds.</param>
    /// <param name="target">Likewise, of its shape; may be the same tensor.</param>
    /// <param name="seed">What decides m.</param>
    /// <param name="threshold">As <see cref="Threshold"/> gives it.</param>
    public static void Multiply(Tensor source, Tensor target, ulong seed, int threshold)
    {
        ForChunks(target, (source, target, seed, threshold), static (all, first, end) =>
        {
            var from = all.source.Elements<float>();
            var to = all.target.Elements<float>();
            for (var chunk = first; chunk < end; chunk++)
            {
                var part = Part(chunk, to.Length);
                Multiply(from[part], to[part], all.seed, chunk, all.threshold);
            }
        });
        GC.KeepAlive(source);
    }

    /// <summary>target = m / (1 − rate), as <see cref="Multiply(Tensor, Tensor, ulong, int)"/> multiplies by.</summary>
    /// <inheritdoc cref="Multiply(Tensor, Tensor, ulong, int)" path="/param"/>
    public static void Write(Tensor target, ulong seed, int threshold) => ForChunks(target, (target, seed, threshold), static (all, first, end) =>
    {
        var to = all.target.Elements<float>();
        for (var chunk = first; chunk < end; chunk++)
            Multiply([], to[Part(chunk, to.Length)], all.seed, chunk, all.threshold);
    });

    private static void ForChunks<TState>(Tensor tensor, TState state, Action<TState, int, int> work)
    {
        var length = (int)tensor.numel();
        var chunks = (Whole(length) + ChunkSize - 1) / ChunkSize;
        HostMemory.Divide(Whole(length) < length ? chunks + 1 : chunks, length, state, work);
        GC.KeepAlive(tensor);
    }

    // Chunks are made of whole blocks; elements that fill none are a chunk of their own, the last.
    private static Range Part(int chunk, int length)
    {
        var (start, whole) = (chunk * ChunkSize, Whole(length));
        return start < whole ? start..Math.Min(start + ChunkSize, whole) : whole..length;
    }

    private static int Whole(int length) => length - (length % Block);

    // No source: of ones.
    private static void Multiply(ReadOnlySpan<float> source, Span<float> target, ulong seed, int chunk, int threshold)
    {
        if (target.Length >= Block)
        {
            MultiplyBlocks(source, target, seed, chunk, threshold);
            return;
        }

        Span<float> block = stackalloc float[Block];
        source.CopyTo(block);
        MultiplyBlocks(source.IsEmpty ? [] : block, block, seed, chunk, threshold);
        block[..target.Length].CopyTo(target);
    }

    // A word of 32 bits is two draws: its high half for an element, its low half for the eighth after that.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MultiplyBlocks(ReadOnlySpan<float> source, Span<float> target, ulong seed, int chunk, int threshold)
    {
        var even = new RandomLanes(seed, 2 * chunk);
        var odd = new RandomLanes(seed, (2 * chunk) + 1);
        var bound = Vector256.Create((threshold << 16) ^ int.MinValue); // Words are compared as signed numbers, which every processor can do.
        var scale = Vector256.Create((float)(1 / (1 - Rate(threshold)))).AsInt32();
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(target);
        for (nuint i = 0; i < (nuint)target.Length; i += Block)
        {
            var (first, second) = (even.Next(), odd.Next());
            if (source.IsEmpty)
            {
                Factors(first, bound, scale).StoreUnsafe(ref to, i);
                Factors(first << 16, bound, scale).StoreUnsafe(ref to, i + 8);
                Factors(second, bound, scale).StoreUnsafe(ref to, i + 16);
                Factors(second << 16, bound, scale).StoreUnsafe(ref to, i + 24);
                continue;
            }

            MultiplyVector(ref from, ref to, i, Factors(first, bound, scale));
            MultiplyVector(ref from, ref to, i + 8, Factors(first << 16, bound, scale));
            MultiplyVector(ref from, ref to, i + 16, Factors(second, bound, scale));
            MultiplyVector(ref from, ref to, i + 24, Factors(second << 16, bound, scale));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Factors(Vector256<int> draws, Vector256<int> bound, Vector256<int> scale) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(bound, draws), Vector256<int>.Zero, scale).AsSingle();

    // Multiplied, where one might choose between the element and 0: 0·NaN is NaN, as in PyTorch's dropout.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyVector(ref float from, ref float to, nuint i, Vector256<float> factors) => (Vector256.LoadUnsafe(ref from, i) * factors).StoreUnsafe(ref to, i);

    private static void Keep(Tensor keep, ulong seed, uint threshold) => ForChunks(keep, (keep, seed, threshold), static (all, first, end) =>
    {
        var elements = all.keep.Elements<byte>();
        for (var chunk = first; chunk < end; chunk++)
            Keep(elements[Part(chunk, elements.Length)], all.seed, chunk, all.threshold);
    });

    private static void Keep(Span<byte> keep, ulong seed, int chunk, uint threshold)
    {
        if (keep.Length >= Block)
        {
            KeepBlocks(keep, seed, chunk, threshold);
            return;
        }

        Span<byte> block = stackalloc byte[Block];
        KeepBlocks(block, seed, chunk, threshold);
        block[..keep.Length].CopyTo(keep);
    }

    // A word of 32 bits is the draw of one element.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void KeepBlocks(Span<byte> keep, ulong seed, int chunk, uint threshold)
    {
        var even = new RandomLanes(seed, 2 * chunk);
        var odd = new RandomLanes(seed, (2 * chunk) + 1);
        var bound = Vector256.Create((int)threshold ^ int.MinValue);
        ref var to = ref MemoryMarshal.GetReference(keep);
        for (nuint i = 0; i < (nuint)keep.Length; i += Block)
        {
            var first = Vector256.Narrow(Vector256.GreaterThan(bound, even.Next()), Vector256.GreaterThan(bound, odd.Next()));
            var second = Vector256.Narrow(Vector256.GreaterThan(bound, even.Next()), Vector256.GreaterThan(bound, odd.Next()));
            Vector256.AndNot(Vector256<byte>.One, Vector256.Narrow(first, second).AsByte()).StoreUnsafe(ref to, i);
        }
    }
}
