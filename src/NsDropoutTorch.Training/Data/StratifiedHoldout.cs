namespace NsDropoutTorch.Training.Data;

/// <summary>Divides data that comes as one file: a fifth of every class, drawn by a fixed seed, is the test part.</summary>
internal static class StratifiedHoldout
{
    private const int Seed = 0;

    /// <summary>Row numbers of both parts, ascending; a class with a single row has it in training.</summary>
    public static (int[] Train, int[] Test) Split(byte[] labels)
    {
        var test = labels.Index().GroupBy(row => row.Item, row => row.Index).SelectMany(rows => Draw(rows.Key, [.. rows])).Order().ToArray();
        return ([.. Enumerable.Range(0, labels.Length).Except(test)], test);
    }

    private static int[] Draw(byte label, int[] rows)
    {
        new SeededRandom(Seed, stream: label).Shuffle(rows);
        var count = Math.Max((rows.Length + 2) / 5, rows.Length > 1 ? 1 : 0);
        return rows[..count];
    }
}
