namespace NsDropoutTorch.Training;

/// <summary>Falls in steps: lr · gamma^⌊epoch / epochs⌋.</summary>
/// <param name="Epochs">Epochs of each step, at least 1.</param>
/// <param name="Gamma">What is left of the rate after a step, in (0, 1].</param>
public sealed record StepDecay(int Epochs, double Gamma) : LearningRateSchedule
{
    /// <inheritdoc cref="StepDecay(int, double)" path="/param"/>
    public int Epochs { get; } = (int)Require.AtLeast(1, Epochs, "epochs of a step");

    /// <inheritdoc cref="StepDecay(int, double)" path="/param"/>
    public double Gamma { get; } = Require.Share(Gamma, "gamma");

    /// <inheritdoc/>
    public override double Factor(long iteration, int epoch) => Math.Pow(Gamma, epoch / Epochs);
}
