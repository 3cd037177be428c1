namespace NsDropoutTorch.Experiments;

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
