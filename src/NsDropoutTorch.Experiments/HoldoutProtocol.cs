namespace NsDropoutTorch.Experiments;

/// <summary>
/// Four disjoint parts: of each class of the training set 60 % to fit, 20 % as mask statistics and 20 % for selection, and the data set's own test set,
/// scored once with the weights of the epoch that had the lowest label-free selection error. Models without use for mask statistics fit to that part too.
/// </summary>
public sealed record HoldoutProtocol : Protocol
{
    private const int Fifth = 5;

    /// <inheritdoc/>
    public override string Name => "holdout";

    /// <inheritdoc/>
    public override bool SelectsWithLabelMasks => false;

    private protected override DataSplit Divide(ReadOnlySpan<byte> labels, long[] order)
    {
        var left = CountClasses(labels);
        var quota = Array.ConvertAll(left, count => count / Fifth);
        List<long> fit = [], maskStatistics = [], selection = [];
        foreach (var row in order)
        {
            var label = labels[(int)row];
            var remaining = left[label]--;
            var part = remaining <= quota[label] ? selection : remaining <= 2 * quota[label] ? maskStatistics : fit;
            part.Add(row);
        }

        return new([.. fit], [.. maskStatistics], [.. selection]);
    }

    private static int[] CountClasses(ReadOnlySpan<byte> labels)
    {
        var counts = new int[byte.MaxValue + 1];
        foreach (var label in labels)
        {
            counts[label]++;
        }

        return counts;
    }
}
