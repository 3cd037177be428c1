using TorchSharp;

namespace NsDropoutTorch.Training.Callbacks;

/// <summary>
/// Fails the run when tensors leak: the tensors of this thread that are alive after an epoch must not be more than after the epochs before. The first epochs make what stays, such as
/// the state of the optimizer and copies of the best weights.
/// </summary>
/// <param name="warmUp">Epochs whose tensors may stay, at least 1.</param>
public sealed class LeakCheck(int warmUp = 2) : Callback
{
    private readonly long warmUp = Require.AtLeast(1, warmUp, "warm-up epochs");
    private long epochs;
    private long before;

    /// <summary>Tensors alive after the last epoch.</summary>
    public long Live { get; private set; }

    /// <inheritdoc/>
    public override void OnFitBegin(FitContext context) => epochs = 0;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There are more than before.</exception>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        Live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        if (++epochs > warmUp && Live > before)
        {
            throw new InvalidOperationException(Invariant(
                $"tensors must be freed in the epoch that makes them, but {Live} were alive after epoch {record.Epoch + 1}, {Live - before} more than before; dispose what callbacks, metrics or batches make, or make it within a dispose scope."));
        }

        before = epochs > warmUp ? Math.Min(before, Live) : Live;
    }
}
