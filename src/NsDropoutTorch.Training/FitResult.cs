namespace NsDropoutTorch.Training;

/// <summary>The outcome of a training run besides the weights.</summary>
/// <param name="History">One record per finished epoch.</param>
/// <param name="StopReason">Why a callback stopped the run early; null when all epochs were run.</param>
public sealed record FitResult(IReadOnlyList<EpochRecord> History, string? StopReason)
{
    /// <summary>The first epoch, from 0, with the lowest selection error, NaN never being the lowest; null without a selection part.</summary>
    public int? BestEpoch =>
        History.Where(record => record.SelectionError is { } error && !double.IsNaN(error)).MinBy(record => record.SelectionError)?.Epoch;

    /// <summary>Wall-clock time of all epochs, without callbacks.</summary>
    public double Seconds => History.Sum(record => record.Seconds);

    /// <summary>For example <c>60 epochs in 4.1 s; error of the last in training 0.00 %, on the selection part 5.20 %, lowest 4.90 % at epoch 41.</c></summary>
    public override string ToString()
    {
        if (History.Count == 0)
        {
            return "No epoch was finished.";
        }

        var selection = History[^1].SelectionError is { } error ? $", on the selection part {Percent(error)}{LowestText()}" : "";
        var stopped = StopReason is { } reason ? $" Stopped: {reason}." : "";
        return Invariant($"{Plural.Of(History.Count, "epoch")} in {Seconds:F1} s; error of the last in training {Percent(History[^1].TrainError)}{selection}.{stopped}");
    }

    private string LowestText() => BestEpoch is { } best
        ? Invariant($", lowest {Percent(History.First(record => record.Epoch == best).SelectionError!.Value)} at epoch {best + 1}")
        : "";

    private static string Percent(double fraction) => double.IsFinite(fraction) ? Invariant($"{fraction * 100:F2}\u00A0%") : "–";
}
