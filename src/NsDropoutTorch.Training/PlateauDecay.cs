namespace NsDropoutTorch.Training;

/// <summary>Falls by a factor whenever a measure has not improved for some epochs in a row, counted anew after each fall: lr · max(gamma^falls, floor).</summary>
/// <param name="Gamma">What is left of the rate after a fall, in (0, 1].</param>
/// <param name="Patience">Epochs without improvement before a fall, at least 1.</param>
/// <exception cref="ArgumentException">An option breaks its rule; or, while training, an epoch lacks the measure.</exception>
public sealed record PlateauDecay(double Gamma, int Patience) : LearningRateSchedule
{
    /// <inheritdoc cref="PlateauDecay(double, int)" path="/param"/>
    public double Gamma { get; } = Require.Share(Gamma, "gamma");

    /// <inheritdoc cref="PlateauDecay(double, int)" path="/param"/>
    public int Patience { get; } = (int)Require.AtLeast(1, Patience, "patience");

    /// <summary>What must come down. Default: <see cref="Measure.SelectionLoss"/>.</summary>
    public Measure Measure { get; init; } = Measure.SelectionLoss;

    /// <summary>Only a fall of the measure by more than this counts, at least 0. Default: 0.</summary>
    public double MinDelta { get; init => field = Require.NotNegative(value, "min delta"); }

    /// <summary>The lowest rate as a part of the initial one, in [0, 1]. Default: 0.</summary>
    public double Floor { get; init => field = Require.Fraction(value, "floor"); }

    /// <inheritdoc/>
    public override double Factor(long iteration, int epoch) => 1;

    /// <inheritdoc/>
    public override double FactorAfter(IReadOnlyList<EpochRecord> history)
    {
        var (descent, falls) = (Descent.Start, 0);
        foreach (var record in history)
        {
            descent = descent.Next(record.Epoch, Measure.Required(record), MinDelta);
            if (descent.EpochsSince == Patience)
            {
                (descent, falls) = (descent with { EpochsSince = 0 }, falls + 1);
            }
        }

        return Math.Max(Math.Pow(Gamma, falls), Floor);
    }
}
