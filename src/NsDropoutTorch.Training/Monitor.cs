namespace NsDropoutTorch.Training;

/// <summary>A figure of an epoch that should fall, such as the selection error; <see cref="Callbacks.EarlyStopping"/> and <see cref="PlateauDecay"/> watch one.</summary>
/// <param name="Name">Its name in sentences, for instance <c>selection error</c>.</param>
/// <param name="Of">Takes it from a record; null where the epoch did not measure it.</param>
public sealed record Monitor(string Name, Func<EpochRecord, double?> Of)
{
    /// <summary><see cref="EpochRecord.SelectionError"/>.</summary>
    public static Monitor SelectionError { get; } = new("selection error", static record => record.SelectionError);

    /// <summary><see cref="EpochRecord.SelectionLoss"/>.</summary>
    public static Monitor SelectionLoss { get; } = new("selection loss", static record => record.SelectionLoss);

    /// <summary><see cref="EpochRecord.TrainError"/>.</summary>
    public static Monitor TrainError { get; } = new("train error", static record => record.TrainError);

    /// <summary><see cref="EpochRecord.TrainLoss"/>.</summary>
    public static Monitor TrainLoss { get; } = new("train loss", static record => record.TrainLoss);

    /// <summary>The number of <paramref name="record"/>, which must have it.</summary>
    /// <exception cref="ArgumentException">The epoch did not measure it.</exception>
    internal double Required(EpochRecord record) => Of(record) ?? throw Require.Broken(
        Invariant($"every epoch must have a {Name} to go by, but got none in epoch {record.Epoch + 1}; give a selection part or monitor another figure."));
}

/// <summary>
/// The best value of a monitored figure so far. It is computed from the history alone, so that a resumed run sees what an uninterrupted one sees.
/// </summary>
/// <param name="Best">The last value that counted as an improvement; infinite before the first.</param>
/// <param name="BestEpoch">Its epoch; null before the first.</param>
/// <param name="EpochsSince">Epochs since then without improvement.</param>
internal sealed record BestSoFar(double Best, int? BestEpoch, int EpochsSince)
{
    public static BestSoFar Start { get; } = new(double.PositiveInfinity, null, 0);

    public static BestSoFar Over(IEnumerable<EpochRecord> history, Monitor monitor, double minDelta) =>
        history.Aggregate(Start, (best, record) => best.Next(record.Epoch, monitor.Required(record), minDelta));

    /// <summary>After one more epoch; only a value below the best by more than <paramref name="minDelta"/> is an improvement, NaN never.</summary>
    public BestSoFar Next(int epoch, double value, double minDelta) =>
        value < Best - minDelta ? new(value, epoch, 0) : this with { EpochsSince = EpochsSince + 1 };
}
