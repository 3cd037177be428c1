using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>A training run: its errors over epochs.</summary>
internal static class HistoryDisplay
{
    public static Html Of(FitResult fit)
    {
        Curve[] curves =
        [
            Curve.Of("training", "train", fit.History, record => record.Epoch, record => record.TrainError),
            Curve.Of("selection", "selection", fit.History, record => record.Epoch, record => record.SelectionError),
        ];
        var points = curves.SelectMany(curve => curve.Points).ToArray();
        if (points.Length == 0)
        {
            return Html.Of($"<p>{fit.ToString()}</p>");
        }

        var measured = curves.Where(curve => curve.Points.Count > 0).ToArray();
        var best = fit.History.Where(record => record.Epoch == fit.BestEpoch).Select(record => (record.Epoch, record.SelectionError!.Value));
        var chart = new ErrorChart(LogAxis.Over(points.Select(point => point.Middle)), points.Max(point => point.Epoch));
        return Html.Of($"{chart.Draw("history", "training run", measured, best)}<p><small>{fit.ToString()}</small></p>");
    }
}
