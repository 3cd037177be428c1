namespace NsDropoutTorch.Training;

/// <summary>
/// A small seeded generator of 64-bit integers for decisions made on the host: the order of samples, splits, random labels.
/// It gives the same numbers on every machine, device and libtorch. Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
/// </summary>
/// <param name="seed">Any number; equal seeds give equal sequences.</param>
public sealed class SplitMix64(long seed)
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private ulong state = unchecked((ulong)seed);

    /// <summary>A generator whose sequence is independent of that of any other <paramref name="stream"/> of the same seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="stream">Number of the stream, for instance the epoch.</param>
    public static SplitMix64 Stream(long seed, long stream) =>
        new(unchecked((long)(Mix((ulong)seed + GoldenGamma) ^ Mix((ulong)stream * GoldenGamma))));

    /// <summary>The next 64 bits.</summary>
    public ulong Next() => Mix(state = unchecked(state + GoldenGamma));

    /// <summary>A number in [0, <paramref name="bound"/>), each equally likely.</summary>
    /// <param name="bound">Exclusive upper bound, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    public long Next(long bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var range = (ulong)bound;
        var high = Math.BigMul(Next(), range, out var low);
        // Lemire's rejection: only the few low products that would make some numbers likelier are drawn again.
        for (var threshold = unchecked(0 - range) % range; low < threshold;)
        {
            high = Math.BigMul(Next(), range, out low);
        }

        return (long)high;
    }

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
