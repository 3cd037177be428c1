using System.Globalization;

namespace NsDropoutTorch.Training.Callbacks;

/// <summary>Writes epoch, loss, errors and time left, about ten lines a run, however many epochs it has. Epochs count from 1. To be silent, leave it out.</summary>
/// <param name="writer">Where to write, for instance <c>Console.Out</c>; it stays the caller's.</param>
/// <param name="title">What is being trained, for instance <c>nsdropout, seed 22</c>.</param>
/// <param name="clock">What measures the time; null: the system's clock.</param>
public sealed class ProgressLog(TextWriter writer, string title, TimeProvider? clock = null) : Callback
{
    private const int LinesPerRun = 10;

    private readonly TimeProvider clock = clock ?? TimeProvider.System;
    private long started;
    private double epochsBefore;

    /// <inheritdoc/>
    public override void OnFitBegin(FitContext context) => (started, epochsBefore) = (clock.GetTimestamp(), (double)context.Iteration / context.StepsPerEpoch);

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        var epochs = context.Options.Epochs;
        if ((long)(record.Epoch + 1) * LinesPerRun / epochs > (long)record.Epoch * LinesPerRun / epochs)
        {
            writer.WriteLine($"{title}  {ProgressLine.Format(record, epochs, clock.GetElapsedTime(started), epochsBefore)}");
        }
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitContext context)
    {
        if (context.StopReason is { } reason)
        {
            writer.WriteLine($"{title}  stopped after {Plural.Of(context.Epoch, "epoch")}: {reason}");
        }
    }
}

/// <summary>The words of a progress display, as pure functions of what a run has measured.</summary>
public static class ProgressLine
{
    /// <summary>
    /// For instance <c>epoch 37/180  loss 0.2310  error 5.31 %  selection 6.10 %  0:12 left</c>; with penalties the loss is their sum,
    /// <c>loss 0.2315 (data loss 0.2310, regularization loss 0.0005)</c>; metrics follow as <c>f1 0.912</c> (of the selection part, where there is one), drop rates that are learned as
    /// <c>p 0.104 0.331</c>.
    /// </summary>
    /// <param name="record">The epoch finished last.</param>
    /// <param name="epochs">Epochs in all.</param>
    /// <param name="elapsed">Time since the run began or was resumed.</param>
    /// <param name="epochsBefore">Epochs, and parts of one, that were finished when it was resumed and so took none of that time.</param>
    public static string Format(EpochRecord record, int epochs, TimeSpan elapsed, double epochsBefore = 0)
    {
        var width = epochs.ToString(CultureInfo.InvariantCulture).Length;
        var done = (record.Epoch + 1).ToString(CultureInfo.InvariantCulture).PadLeft(width);
        var selection = record.SelectionError is { } error ? $"  selection {Percent(error)}"
            : double.IsNaN(record.TrainError) && record.SelectionLoss is { } loss ? string.Create(CultureInfo.InvariantCulture, $"  selection {loss:F4}") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {done}/{epochs}  loss {Loss(record)}{Error(record.TrainError)}{selection}{Metrics(record)}{Rates(record.LearnedRates)}  {Left(TimeLeft(record.Epoch + 1, epochs, elapsed, epochsBefore))}");
    }

    /// <summary>A bar of <paramref name="width"/> cells filled by <paramref name="fraction"/>, as the filled and the empty part.</summary>
    /// <param name="fraction">How much is done, in [0, 1].</param>
    /// <param name="width">Cells in all.</param>
    public static (string Done, string Left) Bar(double fraction, int width)
    {
        var filled = (int)Math.Floor(Math.Clamp(fraction, 0, 1) * width);
        return (new('━', filled), new('━', width - filled));
    }

    /// <summary>The time that the epochs still to come will take if they take as long as those before.</summary>
    /// <param name="done">Epochs finished, at least 1.</param>
    /// <param name="epochs">Epochs in all.</param>
    /// <param name="elapsed">Time they took.</param>
    /// <param name="epochsBefore">How many of them, parts included, took none of that time, since they were finished before the run was resumed.</param>
    /// <returns>The time; null where all took none, so that nothing is known.</returns>
    public static TimeSpan? TimeLeft(int done, int epochs, TimeSpan elapsed, double epochsBefore = 0) =>
        done > epochsBefore ? elapsed / (done - epochsBefore) * (epochs - done) : null;

    internal static string Left(TimeSpan? time) => time is { } known ? $"{Duration(known)} left" : "time left unknown";

    private static string Loss(EpochRecord record) => record.PenaltyLoss == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{record.TrainLoss:F4}")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{record.TrainLoss + record.PenaltyLoss:F4} (data loss {record.TrainLoss:F4}, regularization loss {record.PenaltyLoss:F4})");

    private static string Metrics(EpochRecord record) => string.Concat(
        (record.SelectionMetrics.Count > 0 ? record.SelectionMetrics : record.TrainMetrics).Select(metric => string.Create(CultureInfo.InvariantCulture, $"  {metric.Key} {metric.Value:G4}")));

    private static string Rates(NamedValues rates) =>
        rates.Count == 0 ? "" : "  p " + string.Join(' ', rates.Values.Select(rate => rate.ToString("F3", CultureInfo.InvariantCulture)));

    private static string Error(double fraction) => double.IsNaN(fraction) ? "" : $"  error {Percent(fraction)}";

    private static string Percent(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{fraction * 100,5:F2} %");

    private static string Duration(TimeSpan time) =>
        time.ToString(time.TotalHours >= 1 ? @"d\.hh\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
