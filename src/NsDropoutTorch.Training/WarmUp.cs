namespace NsDropoutTorch.Training;

/// <summary>Rises in equal parts to the full rate over the first steps, on top of another schedule: min((iteration + 1) / steps, 1) times its factor.</summary>
/// <param name="Steps">Steps to the full rate, at least 1.</param>
/// <param name="Schedule">The other schedule; null: a constant rate.</param>
public sealed record WarmUp(long Steps, LearningRateSchedule? Schedule = null) : LearningRateSchedule
{
    /// <inheritdoc cref="WarmUp(long, LearningRateSchedule)" path="/param"/>
    public long Steps { get; } = Require.AtLeast(1, Steps, "warm-up steps");

    /// <inheritdoc/>
    public override double Factor(long iteration, int epoch) =>
        Math.Min((iteration + 1.0) / Steps, 1) * (Schedule?.Factor(iteration, epoch) ?? 1);

    /// <inheritdoc/>
    public override double FactorAfter(IReadOnlyList<EpochRecord> history) => Schedule?.FactorAfter(history) ?? 1;
}
