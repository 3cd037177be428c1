namespace NsDropoutTorch.Training;

/// <summary>What a training run left behind besides the weights.</summary>
/// <param name="History">One record per finished epoch.</param>
/// <param name="StopReason">Why a callback stopped the run early; null when all epochs were run.</param>
public sealed record FitResult(IReadOnlyList<EpochRecord> History, string? StopReason)
{
    /// <summary>The first epoch with the lowest selection error, NaN never being the lowest; null without a selection part.</summary>
    public int? BestEpoch =>
        History.Where(record => record.SelectionError is { } error && !double.IsNaN(error)).MinBy(record => record.SelectionError)?.Epoch;

    /// <summary>Wall-clock time of all epochs, without callbacks.</summary>
    public double Seconds => History.Sum(record => record.Seconds);
}
