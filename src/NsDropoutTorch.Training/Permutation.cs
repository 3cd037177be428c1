using NsDropoutTorch.Training.Data;

namespace NsDropoutTorch.Training;

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
