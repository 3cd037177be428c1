namespace NsDropoutTorch.Training;

/// <summary>
/// How far a measure has come down. It is a fold over the history and nobody's state, so that a resumed run sees what an uninterrupted one sees.
/// </summary>
/// <param name="Best">The last value that counted as an improvement; infinite before the first.</param>
/// <param name="BestEpoch">Its epoch; null before the first.</param>
/// <param name="EpochsSince">Epochs since then without improvement.</param>
internal sealed record Descent(double Best, int? BestEpoch, int EpochsSince)
{
    public static Descent Start { get; } = new(double.PositiveInfinity, null, 0);

    public static Descent Over(IEnumerable<EpochRecord> history, Measure measure, double minDelta) =>
        history.Aggregate(Start, (descent, record) => descent.Next(record.Epoch, measure.Required(record), minDelta));

    /// <summary>After one more epoch; only a value below the best by more than <paramref name="minDelta"/> is an improvement, NaN never.</summary>
    public Descent Next(int epoch, double value, double minDelta) =>
        value < Best - minDelta ? new(value, epoch, 0) : this with { EpochsSince = EpochsSince + 1 };
}
