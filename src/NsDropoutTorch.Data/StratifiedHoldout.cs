namespace NsDropoutTorch.Data;

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
