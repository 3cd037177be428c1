namespace NsDropoutTorch.Experiments.Runs;

/// <summary>Class masks of one layer of a run over its epochs: an entry of <c>masks</c> of a run in <c>results.json</c>.</summary>
/// <param name="Module">Name of the layer in the network.</param>
/// <param name="NumFeatures">Number of neurons F.</param>
/// <param name="Snapshots">The masks at some epochs, in order; the first and the last epoch are among them.</param>
/// <param name="Replaced">
/// For each epoch the share of the dropped neurons that were not dropped the epoch before, in [0, 1], over all classes; 0 where none are dropped, and 1 when dropping begins.
/// </param>
public sealed record MaskHistory(string Module, int NumFeatures, IReadOnlyList<MaskSnapshot> Snapshots, IReadOnlyList<double> Replaced);

/// <summary>Class masks after one epoch.</summary>
/// <param name="Epoch">Number of the epoch, from 0.</param>
/// <param name="Dropped">For each class the neurons its mask drops, ascending, each in [0, F).</param>
public sealed record MaskSnapshot(int Epoch, IReadOnlyList<IReadOnlyList<long>> Dropped);

/// <summary>
/// How the gaps of a layer's neurons, mean in training minus mean in validation, are distributed after the last epoch: an entry of <c>gaps</c> of a run in
/// <c>results.json</c>.
/// </summary>
/// <param name="Module">Name of the layer in the network.</param>
/// <param name="Low">Lower edge of the first bin.</param>
/// <param name="High">Upper edge of the last bin; all are equally wide.</param>
/// <param name="Counts">For each class the number of neurons in each bin.</param>
public sealed record GapHistogram(string Module, double Low, double High, IReadOnlyList<IReadOnlyList<long>> Counts)
{
    private const int Bins = 41;

    /// <summary>The distribution of gaps; null where there is none to show, because all are equal or unknown.</summary>
    /// <param name="module">Name of the layer.</param>
    /// <param name="gaps">A row for each class; what is not finite is left out.</param>
    internal static GapHistogram? Of(string module, IReadOnlyList<double[]> gaps)
    {
        var finite = gaps.SelectMany(row => row).Where(double.IsFinite).ToArray();
        if (finite.Length == 0 || finite.Min() == finite.Max())
        {
            return null;
        }

        var (low, high) = (finite.Min(), finite.Max());
        return new(module, low, high, [.. gaps.Select(row => Count(row, low, high))]);
    }

    private static long[] Count(double[] row, double low, double high)
    {
        var counts = new long[Bins];
        foreach (var gap in row.Where(double.IsFinite))
        {
            // The highest gap belongs to the last bin, not behind it.
            counts[Math.Min(Bins - 1, (int)(Bins * ((gap - low) / (high - low))))]++;
        }

        return counts;
    }
}
