using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Metrics;

namespace NsDropoutTorch.Training;

/// <summary>A figure of an epoch that should fall, such as the selection error, or rise; <see cref="Callbacks.EarlyStopping"/> and <see cref="PlateauDecay"/>, for instance, watch one.</summary>
/// <param name="Name">Its name in sentences, for instance <c>selection error</c>.</param>
/// <param name="Of">Takes it from a record; null where the epoch did not measure it.</param>
/// <param name="HigherIsBetter">Whether it should rise.</param>
public sealed record MonitoredMetric(string Name, Func<EpochRecord, double?> Of, bool HigherIsBetter = false)
{
    /// <summary><see cref="EpochRecord.SelectionError"/>, or <see cref="EpochRecord.SelectionLoss"/> where the objective counts no errors.</summary>
    public static MonitoredMetric Selection { get; } = new("selection error", static record => record.SelectionError ?? record.SelectionLoss);

    /// <summary><see cref="EpochRecord.SelectionError"/>.</summary>
    public static MonitoredMetric SelectionError { get; } = new("selection error", static record => record.SelectionError);

    /// <summary><see cref="EpochRecord.SelectionLoss"/>.</summary>
    public static MonitoredMetric SelectionLoss { get; } = new("selection loss", static record => record.SelectionLoss);

    /// <summary><see cref="EpochRecord.TrainError"/>.</summary>
    public static MonitoredMetric TrainError { get; } = new("train error", static record => record.TrainError);

    /// <summary><see cref="EpochRecord.TrainLoss"/>.</summary>
    public static MonitoredMetric TrainLoss { get; } = new("train loss", static record => record.TrainLoss);

    /// <summary>A metric on the selection part (<see cref="EpochRecord.SelectionMetrics"/>).</summary>
    /// <param name="metric">One of <see cref="TrainerOptions.Metrics"/>.</param>
    public static MonitoredMetric SelectionMetric(IScalarMetric metric) => SelectionMetric(metric.Name, metric.HigherIsBetter);

    /// <summary>A metric, or a value of a step of one's own, on the selection part.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="higherIsBetter">Whether it should rise.</param>
    public static MonitoredMetric SelectionMetric(string name, bool higherIsBetter = false) =>
        new($"selection {name}", record => record.SelectionMetrics.TryGetValue(name, out var value) ? value : null, higherIsBetter);

    /// <summary>The number of <paramref name="record"/>, the lower the better.</summary>
    internal double? Cost(EpochRecord record) => HigherIsBetter ? -Of(record) : Of(record);

    /// <summary>The number of <paramref name="record"/>, the lower the better, which must have it.</summary>
    /// <exception cref="ArgumentException">The epoch did not measure it.</exception>
    internal double RequiredCost(EpochRecord record) => Cost(record) ?? throw Require.Broken(
        Invariant($"every epoch must measure the {Name}, but epoch {record.Epoch + 1} did not; give a validation set, or monitor another figure."));
}

/// <summary>
/// The lowest cost of a monitored figure so far. It is computed from the history alone, so that a resumed run sees what an uninterrupted one sees.
/// </summary>
/// <param name="Best">The last value that counted as an improvement; infinite before the first.</param>
/// <param name="BestEpoch">Its epoch; null before the first.</param>
/// <param name="EpochsSince">Epochs since then without improvement.</param>
internal sealed record BestSoFar(double Best, int? BestEpoch, int EpochsSince)
{
    public static BestSoFar Start { get; } = new(double.PositiveInfinity, null, 0);

    public static BestSoFar Over(IEnumerable<EpochRecord> history, MonitoredMetric monitor, double minDelta) =>
        history.Aggregate(Start, (best, record) => best.Next(record.Epoch, monitor.RequiredCost(record), minDelta));

    /// <summary>After one more epoch; only a value below the best by more than <paramref name="minDelta"/> is an improvement, NaN never.</summary>
    public BestSoFar Next(int epoch, double value, double minDelta) =>
        value < Best - minDelta ? new(value, epoch, 0) : this with { EpochsSince = EpochsSince + 1 };
}
