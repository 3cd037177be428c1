namespace NsDropoutTorch.Training;

/// <summary>Decay with the number of steps: lr / (1 + decay · iteration), with iteration = 0 at the first step.</summary>
/// <param name="Decay">How much of the initial rate's reciprocal each step adds, at least 0.</param>
public sealed record InverseTimeDecay(double Decay) : LearningRateSchedule
{
    /// <inheritdoc cref="InverseTimeDecay(double)" path="/param"/>
    public double Decay { get; } = Require.NotNegative(Decay, "decay");

    /// <inheritdoc/>
    public override double Factor(long iteration, int epoch) => 1 / (1 + (Decay * iteration));
}
