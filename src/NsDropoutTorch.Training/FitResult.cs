using System.Globalization;

namespace NsDropoutTorch.Training;

/// <summary>The outcome of a training run besides the weights.</summary>
/// <param name="History">One record per finished epoch.</param>
/// <param name="StopReason">Why a callback stopped the run early; null when all epochs were run.</param>
public sealed record FitResult(IReadOnlyList<EpochRecord> History, string? StopReason)
{
    /// <summary>The first epoch, from 0, with the lowest selection error (or loss, where the objective counts no errors), NaN never being the lowest; null without a selection part.</summary>
    public int? BestEpoch =>
        History.Where(record => MonitoredMetric.Selection.Of(record) is { } figure && !double.IsNaN(figure)).MinBy(MonitoredMetric.Selection.Of)?.Epoch;

    /// <summary>Wall-clock time of all epochs, without callbacks.</summary>
    public double Seconds => History.Sum(record => record.Seconds);

    /// <summary>For example <c>60 epochs in 4.1 s; error of the last in training 0.00 %, on the selection part 5.20 %, lowest 4.90 % at epoch 41.</c></summary>
    public override string ToString()
    {
        if (History.Count == 0)
        {
            return "No epoch was finished.";
        }

        var last = History[^1];
        var stopped = StopReason is { } reason ? $" Stopped: {reason}." : "";
        var measured = double.IsNaN(last.TrainError)
            ? $"loss of the last in training {last.TrainLoss.ToString("G4", CultureInfo.InvariantCulture)}{SelectionText(last, record => record.SelectionLoss, loss => loss.ToString("G4", CultureInfo.InvariantCulture))}"
            : $"error of the last in training {Percent(last.TrainError)}{SelectionText(last, record => record.SelectionError, Percent)}";
        return Invariant($"{Plural.Of(History.Count, "epoch")} in {Seconds:F1} s; {measured}.{stopped}");
    }

    private string SelectionText(EpochRecord last, Func<EpochRecord, double?> of, Func<double, string> text) => of(last) is not { } figure ? ""
        : Invariant($", on the selection part {text(figure)}{(BestEpoch is { } best ? Invariant($", lowest {text(of(History.First(record => record.Epoch == best))!.Value)} at epoch {best + 1}") : "")}");

    private static string Percent(double fraction) => double.IsFinite(fraction) ? Invariant($"{fraction * 100:F2}\u00A0%") : "–";
}
