namespace NsDropoutTorch.Experiments.Protocols;

/// <summary>Takes fifths of every class from shuffled rows.</summary>
internal static class StratifiedFifths
{
    private const int Fifth = 5;

    /// <summary>Parts that each hold a fifth of every class, rounded down, and behind them the rest; the first part gets the last rows of each class.</summary>
    /// <param name="labels">Class index of each row.</param>
    /// <param name="order">The rows that are divided, shuffled; every part keeps their order.</param>
    /// <param name="count">Number of fifths.</param>
    public static long[][] Take(ReadOnlySpan<byte> labels, long[] order, int count)
    {
        var left = CountClasses(labels, order);
        var quota = Array.ConvertAll(left, rows => rows / Fifth);
        var parts = Enumerable.Range(0, count + 1).Select(_ => new List<long>()).ToArray();
        foreach (var row in order)
        {
            var label = labels[(int)row];
            var remaining = --left[label];
            parts[quota[label] == 0 ? count : Math.Min(count, remaining / quota[label])].Add(row);
        }

        return [.. parts.Select(part => part.ToArray())];
    }

    private static int[] CountClasses(ReadOnlySpan<byte> labels, long[] rows)
    {
        var counts = new int[byte.MaxValue + 1];
        foreach (var row in rows)
        {
            counts[labels[(int)row]]++;
        }

        return counts;
    }
}
