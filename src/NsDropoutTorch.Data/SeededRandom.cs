namespace NsDropoutTorch.Data;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014): 64 bits of state, integer arithmetic only,
/// written out so that a seed means the same data on every machine and under every version of .NET.
/// </summary>
public sealed class SeededRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong state;

    /// <summary>A generator of its own for every pair, so that samples can be made in any order and in parallel.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="stream">Numbers of different streams of one seed are independent.</param>
    public SeededRandom(long seed, long stream) => state = Mix(Mix((ulong)seed + Golden) + (ulong)stream);

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64() => Mix(state += Golden);

    /// <summary>Uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1L << 53));

    /// <summary>Uniform in [low, high).</summary>
    /// <param name="low">The least.</param>
    /// <param name="high">What all are below.</param>
    public double Between(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Uniform in [0, count).</summary>
    /// <param name="count">At least 1.</param>
    public int Below(int count) => (int)Math.BigMul(NextUInt64(), (ulong)count, out _);

    /// <summary>Normal with mean 0 and deviation 1, by Marsaglia's polar method.</summary>
    public double NextNormal()
    {
        while (true)
        {
            double x = Between(-1, 1), y = Between(-1, 1);
            var s = (x * x) + (y * y);
            if (s is > 0 and < 1)
                return x * Math.Sqrt(-2 * Math.Log(s) / s);
        }
    }

    /// <summary>Shuffles in place, every order equally likely.</summary>
    /// <param name="items">What is shuffled.</param>
    public void Shuffle(Span<int> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = Below(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

/// <summary>Seeded random orders, made on the host so that they are the same on every device and libtorch.</summary>
public static class Permutation
{
    /// <summary>A random order of 0 … <paramref name="count"/>−1, each equally likely.</summary>
    /// <param name="count">How many, at least 0.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="stream">Orders of different streams of one seed are independent; training uses the number of the epoch.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static long[] Of(int count, long seed, long stream)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var order = new long[count];
        Fill(order, seed, stream);
        return order;
    }

    /// <summary>Writes such an order into <paramref name="order"/>, by Fisher and Yates' shuffle grown from the front.</summary>
    /// <param name="order">Receives 0 … <c>order.Length</c>−1.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="stream">The stream.</param>
    public static void Fill(Span<long> order, long seed, long stream)
    {
        var random = new SeededRandom(seed, stream);
        for (var i = 0; i < order.Length; i++)
        {
            var place = random.Below(i + 1);
            order[i] = order[place];
            order[place] = i;
        }
    }
}

/// <summary>Divides samples class by class: of every class the same share, drawn by a seed.</summary>
internal static class StratifiedHoldout
{
    /// <summary>Row numbers of both parts, ascending: at least one row of a class in either, but of a class with a single row, which stays in the first.</summary>
    public static (int[] Kept, int[] HeldOut) Split(IReadOnlyList<long> labels, double share, long seed)
    {
        var part = labels.Index().GroupBy(row => row.Item, row => row.Index).SelectMany(rows => Draw(rows.Key, [.. rows], share, seed)).Order().ToArray();
        return ([.. Enumerable.Range(0, labels.Count).Except(part)], part);
    }

    private static int[] Draw(long label, int[] rows, double share, long seed)
    {
        new SeededRandom(seed, stream: label).Shuffle(rows);
        var nearest = (int)Math.Round(share * rows.Length, MidpointRounding.AwayFromZero);
        return rows.Length == 1 ? [] : rows[..Math.Clamp(nearest, 1, rows.Length - 1)];
    }
}
