namespace NsDropoutTorch.Training;

/// <summary>Seeded random orders of 0 … n−1, made on the host so that they are the same on every device and libtorch.</summary>
public static class Permutation
{
    /// <summary>A uniformly random order of 0 … <paramref name="count"/>−1.</summary>
    /// <param name="count">How many, at least 0.</param>
    /// <param name="generator">Source of randomness.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static long[] Of(long count, SplitMix64 generator)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var order = new long[count];
        Fill(order, generator);
        return order;
    }

    /// <summary>Writes a uniformly random order of 0 … <c>order.Length</c>−1 into <paramref name="order"/>.</summary>
    /// <param name="order">Receives the order.</param>
    /// <param name="generator">Source of randomness.</param>
    public static void Fill(Span<long> order, SplitMix64 generator)
    {
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Shuffle(order, generator);
    }

    /// <summary>Puts <paramref name="items"/> into a uniformly random order (Fisher–Yates).</summary>
    /// <param name="items">Shuffled in place.</param>
    /// <param name="generator">Source of randomness.</param>
    public static void Shuffle(Span<long> items, SplitMix64 generator)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = (int)generator.Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
