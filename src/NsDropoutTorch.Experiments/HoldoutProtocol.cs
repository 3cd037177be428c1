namespace NsDropoutTorch.Experiments;

/// <summary>
/// Four disjoint parts: of each class of the training set 60 % to fit, 20 % as mask statistics and 20 % for selection, and the data set's own test set,
/// scored once with the weights of the epoch that had the lowest label-free selection error. Models without use for mask statistics fit to that part too.
/// </summary>
public sealed record HoldoutProtocol : Protocol
{
    /// <inheritdoc/>
    public override string Name => "holdout";

    /// <inheritdoc/>
    public override bool Selects => true;

    /// <inheritdoc/>
    public override bool SelectsWithLabelMasks => false;

    private protected override DataSplit Divide(ReadOnlySpan<byte> labels, long[] order)
    {
        var parts = StratifiedFifths.Take(labels, order, 2);
        return new(parts[2], parts[1], parts[0]);
    }
}
