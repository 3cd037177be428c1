namespace NsDropoutTorch.Training;

/// <summary>A learning rate as a function of how far training has come; it holds no state, so a resumed run needs nothing but the counters.</summary>
public abstract record LearningRateSchedule
{
    /// <summary>The factor on the optimizer's initial learning rate for one step.</summary>
    /// <param name="iteration">Steps taken before this one, over all epochs.</param>
    /// <param name="epoch">Epoch of the step, from 0.</param>
    public abstract double Factor(long iteration, int epoch);
}
