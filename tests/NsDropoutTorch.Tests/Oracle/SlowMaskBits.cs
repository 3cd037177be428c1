namespace NsDropoutTorch.Tests.Oracle;

/// <summary>Masks as their documentation describes them, one number at a time: xoshiro256++ and SplitMix64 as published, and what becomes of their words.</summary>
internal static class SlowMaskBits
{
    private const int Chunk = 16_384, Block = 32;

    /// <summary>The words of SplitMix64 from a seed on.</summary>
    public static IEnumerable<ulong> SplitMix(ulong seed)
    {
        while (true)
        {
            seed += 0x9E3779B97F4A7C15;
            var z = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            yield return z ^ (z >> 31);
        }
    }

    /// <summary>The numbers of xoshiro256++ from a state on.</summary>
    public static IEnumerable<ulong> Xoshiro(params ulong[] state)
    {
        var s = state.ToArray();
        while (true)
        {
            yield return ulong.RotateLeft(s[0] + s[3], 23) + s[0];
            var t = s[1] << 17;
            s[2] ^= s[0];
            s[3] ^= s[1];
            s[1] ^= s[2];
            s[0] ^= s[3];
            s[2] ^= t;
            s[3] = ulong.RotateLeft(s[3], 45);
        }
    }

    /// <summary>The words of 32 bits of a stream: four generators in turn, of each number its low half first.</summary>
    public static IEnumerable<uint> Stream(ulong seed, int stream)
    {
        var words = SplitMix(seed).Skip(16 * stream).Take(16).ToArray();
        var lanes = Enumerable.Range(0, 4).Select(i => Xoshiro(words[i], words[4 + i], words[8 + i], words[12 + i]).GetEnumerator()).ToArray();
        while (true)
        {
            foreach (var lane in lanes)
            {
                lane.MoveNext();
                yield return (uint)lane.Current;
                yield return (uint)(lane.Current >> 32);
            }
        }
    }

    /// <summary>Factors of Float32: 0 where the draw of 16 bits is below the threshold, otherwise the inverse of the share that is kept.</summary>
    public static float[] Factors(ulong seed, int threshold, int length)
    {
        var scale = (float)(1 / (1 - (threshold / 65_536.0)));
        return ByChunks(length, (chunk, count) => Draws(seed, chunk).Take(count).Select(draw => draw < threshold ? 0 : scale));
    }

    /// <summary>Factors of Float32 where each column has a threshold: every row begins with a new block of draws, and a chunk has as many rows as its size holds, at least one.</summary>
    public static float[] FactorsByColumn(ulong seed, int[] thresholds, int rows)
    {
        var padded = (thresholds.Length + Block - 1) / Block * Block;
        var rowsEach = Math.Max(1, Chunk / padded);
        return [.. Enumerable.Range(0, rows).Chunk(rowsEach).SelectMany((chunk, number) => Draws(seed, number).Chunk(padded).Take(chunk.Length)).SelectMany(row => row.Zip(thresholds, Factor))];

        static float Factor(uint draw, int threshold) => draw < threshold ? 0 : (float)(1 / (1 - (threshold / 65_536.0)));
    }

    /// <summary>Whether each element is kept: its draw of 32 bits is not below the threshold.</summary>
    public static bool[] Keep(ulong seed, uint threshold, int length) =>
        ByChunks(length, (chunk, count) => Blocks(seed, chunk).SelectMany(pair => pair).SelectMany(words => words).Take(count).Select(word => (word ^ 0x8000_0000) >= threshold));

    // Draws of 16 bits: of eight words the high halves, then the low ones; a word is a signed number.
    private static IEnumerable<uint> Draws(ulong seed, int chunk)
    {
        return Blocks(seed, chunk).SelectMany(pair => pair).SelectMany(Halves);

        static IEnumerable<uint> Halves(uint[] words) => words.Select(word => (word >> 16) ^ 0x8000).Concat(words.Select(word => (word & 0xFFFF) ^ 0x8000));
    }

    private static IEnumerable<uint[][]> Blocks(ulong seed, int chunk) =>
        Stream(seed, 2 * chunk).Chunk(8).Zip(Stream(seed, (2 * chunk) + 1).Chunk(8), (even, odd) => new[] { even, odd });

    // Elements that fill no block of 32 are a chunk of their own.
    private static T[] ByChunks<T>(int length, Func<int, int, IEnumerable<T>> draw)
    {
        var whole = length - (length % Block);
        var counts = Enumerable.Range(0, (whole + Chunk - 1) / Chunk).Select(chunk => Math.Min(Chunk, whole - (chunk * Chunk))).Append(length - whole);
        return [.. counts.SelectMany((count, chunk) => draw(chunk, count))];
    }
}
