namespace NsDropoutTorch.Training;

/// <summary>
/// A learning rate as a function of how far training has come: initial rate · <see cref="Factor"/> · <see cref="FactorAfter"/>.
/// It holds no state, so a resumed run needs nothing but the counters and the history.
/// </summary>
public abstract record LearningRateSchedule
{
    /// <summary>The factor on the optimizer's initial learning rate for one step.</summary>
    /// <param name="iteration">Steps taken before this one, over all epochs.</param>
    /// <param name="epoch">Epoch of the step, from 0.</param>
    public abstract double Factor(long iteration, int epoch);

    /// <summary>A further factor for all steps of an epoch, asked for once before it, from what the epochs before have measured. Default: 1.</summary>
    /// <param name="history">The finished epochs, from the first on.</param>
    public virtual double FactorAfter(IReadOnlyList<EpochRecord> history) => 1;
}
