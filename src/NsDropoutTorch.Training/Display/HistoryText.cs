using System.Globalization;

namespace NsDropoutTorch.Training.Display;

/// <summary>A training run in a sentence.</summary>
internal static class HistoryText
{
    public static string Of(FitResult fit)
    {
        if (fit.History.Count == 0)
        {
            return "No epoch was finished.";
        }

        var last = fit.History[^1];
        var selection = last.SelectionError is { } error ? $", on the selection part {Words.Percent(error)}{Best(fit)}" : "";
        var stopped = fit.StopReason is { } reason ? $" Stopped: {reason}." : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{fit.History.Count} {(fit.History.Count == 1 ? "epoch" : "epochs")} in {fit.Seconds:F1} s; error of the last in training {Words.Percent(last.TrainError)}{selection}.{stopped}");
    }

    private static string Best(FitResult fit) => fit.BestEpoch is { } best
        ? string.Create(CultureInfo.InvariantCulture, $", lowest {Words.Percent(fit.History.First(record => record.Epoch == best).SelectionError!.Value)} at epoch {best + 1}")
        : "";
}
