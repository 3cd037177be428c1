namespace NsDropoutTorch.Experiments;

/// <summary>
/// The protocol of the reference notebooks: training set shuffled, the first 10,000 kept (or all of a smaller set), 80 % to fit, 20 % as mask statistics,
/// which also choose the epoch: the one with the highest validation accuracy, which is measured with masks of the true labels where a layer has such masks.
/// </summary>
public sealed record ReferenceProtocol : Protocol
{
    private const int Kept = 10_000;

    /// <inheritdoc/>
    public override string Name => "reference";

    /// <inheritdoc/>
    public override bool Selects => true;

    /// <inheritdoc/>
    public override bool SelectsWithLabelMasks => true;

    private protected override DataSplit Divide(ReadOnlySpan<byte> labels, long[] order)
    {
        var kept = Math.Min(Kept, order.Length);
        var fit = kept * 4 / 5;
        var rest = order[fit..kept];
        return new(order[..fit], rest, rest);
    }
}
