namespace NsDropoutTorch.Training;

/// <summary>Falls every epoch by the same factor: lr · gamma^epoch.</summary>
/// <param name="Gamma">What is left of the rate after an epoch, in (0, 1].</param>
public sealed record ExponentialDecay(double Gamma) : LearningRateSchedule
{
    /// <inheritdoc cref="ExponentialDecay(double)" path="/param"/>
    public double Gamma { get; } = Require.Share(Gamma, "gamma");

    /// <inheritdoc/>
    public override double Factor(long iteration, int epoch) => Math.Pow(Gamma, epoch);
}
