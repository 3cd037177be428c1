namespace NsDropoutTorch.Training;

/// <summary>
/// Falls along half a cosine and then stays: lr · (floor + (1 − floor) · (1 + cos(π · min(epoch / epochs, 1))) / 2).
/// Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017, without the restarts.
/// </summary>
/// <param name="Epochs">Epochs to the lowest rate, at least 1.</param>
/// <param name="Floor">The lowest rate as a part of the initial one, in [0, 1].</param>
public sealed record CosineDecay(int Epochs, double Floor = 0) : LearningRateSchedule
{
    /// <inheritdoc cref="CosineDecay(int, double)" path="/param"/>
    public int Epochs { get; } = (int)Require.AtLeast(1, Epochs, "epochs of the decay");

    /// <inheritdoc cref="CosineDecay(int, double)" path="/param"/>
    public double Floor { get; } = Require.Fraction(Floor, "floor");

    /// <inheritdoc/>
    public override double Factor(long iteration, int epoch)
    {
        var done = Math.Min((double)epoch / Epochs, 1);
        return Floor + ((1 - Floor) * (1 + Math.Cos(Math.PI * done)) / 2);
    }
}
