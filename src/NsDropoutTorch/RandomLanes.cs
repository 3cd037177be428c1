using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NsDropoutTorch;

/// <summary>
/// Four generators xoshiro256++ side by side, one in each lane of a vector (Blackman and Vigna: "Scrambled Linear Pseudorandom Number Generators", ACM Transactions on
/// Mathematical Software 47, 2021).
/// </summary>
/// <remarks>
/// The words that they start from are those of SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014), as the authors advise: stream c
/// of a seed takes words 16·c to 16·c + 15, so no two streams of a seed share any. A processor without vectors of this length computes the same bits in pieces.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal struct RandomLanes
{
    private const int Count = 4;
    private const ulong Step = 0x9E3779B97F4A7C15; // 2⁶⁴ divided by the golden ratio.
    private Vector256<ulong> s0, s1, s2, s3;

    /// <summary>The generators of a stream of a seed: word k of the state of lane i is word 16·stream + 4·k + i of SplitMix64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RandomLanes(ulong seed, int stream)
    {
        s0 = Words(seed, stream, 0);
        s1 = Words(seed, stream, 1);
        s2 = Words(seed, stream, 2);
        s3 = Words(seed, stream, 3);
    }

    /// <summary>The next 64 bits of each lane, as eight words of 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<int> Next()
    {
        var next = RotateLeft(s0 + s3, 23) + s0;
        var shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = RotateLeft(s3, 45);
        return next.AsInt32();
    }

    // Words of SplitMix64 need not be drawn in turn: each is a function of its number.
    private static Vector256<ulong> Words(ulong seed, int stream, int k)
    {
        var first = ((ulong)stream * 4 * Count) + ((ulong)k * Count) + 1;
        var word = Vector256.Create(seed) + ((Vector256<ulong>.Indices + Vector256.Create(first)) * Step);
        word = (word ^ (word >>> 30)) * 0xBF58476D1CE4E5B9;
        word = (word ^ (word >>> 27)) * 0x94D049BB133111EB;
        return word ^ (word >>> 31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> RotateLeft(Vector256<ulong> value, [ConstantExpected] byte count) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(value, count) : (value << count) | (value >>> (64 - count));
}
