namespace NsDropoutTorch.Experiments;

/// <summary>
/// What sources do that hold nothing back: the whole training set to fit, no selection, the weights of the last epoch scored on the test set. Models that learn from
/// validation activations give up a fifth of each class for them.
/// </summary>
public sealed record FinalProtocol : Protocol
{
    /// <inheritdoc/>
    public override string Name => "final";

    /// <inheritdoc/>
    public override bool Selects => false;

    /// <inheritdoc/>
    public override bool SelectsWithLabelMasks => false;

    private protected override DataSplit Divide(ReadOnlySpan<byte> labels, long[] order)
    {
        var parts = StratifiedFifths.Take(labels, order, 1);
        return new(parts[1], parts[0], []);
    }
}
