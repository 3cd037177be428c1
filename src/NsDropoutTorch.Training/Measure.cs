namespace NsDropoutTorch.Training;

/// <summary>A number of an epoch that should come down, for those who watch whether it does.</summary>
/// <param name="Name">Its name in sentences, for instance <c>selection error</c>.</param>
/// <param name="Of">Takes it from a record; null where the epoch did not measure it.</param>
public sealed record Measure(string Name, Func<EpochRecord, double?> Of)
{
    /// <summary><see cref="EpochRecord.SelectionError"/>.</summary>
    public static Measure SelectionError { get; } = new("selection error", static record => record.SelectionError);

    /// <summary><see cref="EpochRecord.SelectionLoss"/>.</summary>
    public static Measure SelectionLoss { get; } = new("selection loss", static record => record.SelectionLoss);

    /// <summary><see cref="EpochRecord.TrainError"/>.</summary>
    public static Measure TrainError { get; } = new("train error", static record => record.TrainError);

    /// <summary><see cref="EpochRecord.TrainLoss"/>.</summary>
    public static Measure TrainLoss { get; } = new("train loss", static record => record.TrainLoss);

    /// <summary>The number of <paramref name="record"/>, which must have it.</summary>
    /// <exception cref="ArgumentException">The epoch did not measure it.</exception>
    internal double Required(EpochRecord record) => Of(record) ?? throw Require.Broken(
        Invariant($"every epoch must have a {Name} to go by, but got none in epoch {record.Epoch + 1}; give a selection part or choose another measure."));
}
