namespace NsDropoutTorch.Training;

/// <summary>
/// Drop rates as a function of how far training has come: each layer's own p · <see cref="Factor"/>. <see cref="Callbacks.ScheduledDropRates"/> applies it.
/// It holds no state, so a resumed run needs nothing but the counter of steps.
/// </summary>
public abstract record DropRateSchedule
{
    /// <summary>The factor on the layers' own rates for one step, in [0, 1].</summary>
    /// <param name="iteration">Steps taken before this one, over all epochs.</param>
    public abstract double Factor(long iteration);
}

/// <summary>
/// Goes from one factor to another in equal parts, and stays there: start + (end − start) · min(iteration / steps, 1). From 0 to 1 it is how DropBlock (Ghiasi et al. 2018)
/// and DropPath (Larsson et al. 2017) are often trained, from 1 to 0 the early dropout of Liu et al. ("Dropout Reduces Underfitting", 2023).
/// </summary>
/// <param name="Steps">Steps to the end, at least 1.</param>
/// <param name="Start">Factor of the first step, in [0, 1].</param>
/// <param name="End">Factor from the last of these steps on, in [0, 1].</param>
public sealed record LinearDropRate(long Steps, double Start = 0, double End = 1) : DropRateSchedule
{
    /// <inheritdoc cref="LinearDropRate(long, double, double)" path="/param"/>
    public long Steps { get; } = Require.AtLeast(1, Steps, "steps of the schedule");

    /// <inheritdoc cref="LinearDropRate(long, double, double)" path="/param"/>
    public double Start { get; } = Require.Fraction(Start, "start");

    /// <inheritdoc cref="LinearDropRate(long, double, double)" path="/param"/>
    public double End { get; } = Require.Fraction(End, "end");

    /// <inheritdoc/>
    public override double Factor(long iteration) => iteration >= Steps ? End : Start + ((End - Start) * iteration / Steps);
}

/// <summary>Goes from one factor to another along half a cosine, and stays there: end + (start − end) · (1 + cos(π · min(iteration / steps, 1))) / 2.</summary>
/// <param name="Steps">Steps to the end, at least 1.</param>
/// <param name="Start">Factor of the first step, in [0, 1].</param>
/// <param name="End">Factor from the last of these steps on, in [0, 1].</param>
public sealed record CosineDropRate(long Steps, double Start = 0, double End = 1) : DropRateSchedule
{
    /// <inheritdoc cref="CosineDropRate(long, double, double)" path="/param"/>
    public long Steps { get; } = Require.AtLeast(1, Steps, "steps of the schedule");

    /// <inheritdoc cref="CosineDropRate(long, double, double)" path="/param"/>
    public double Start { get; } = Require.Fraction(Start, "start");

    /// <inheritdoc cref="CosineDropRate(long, double, double)" path="/param"/>
    public double End { get; } = Require.Fraction(End, "end");

    /// <inheritdoc/>
    public override double Factor(long iteration) => iteration >= Steps ? End : End + ((Start - End) * (1 + Math.Cos(Math.PI * iteration / Steps)) / 2);
}

/// <summary>
/// Begins without dropout and comes ever nearer to the full rate: 1 − exp(−gamma · iteration / steps). Source: Morerio, Cavazza, Volpi, Vidal, Murino, "Curriculum Dropout", 2017, whose
/// γ is gamma / steps; it takes gamma = 10 for the T steps of a run.
/// </summary>
/// <param name="Steps">Steps T of the run, at least 1.</param>
/// <param name="Gamma">How soon the full rate is reached, above 0: after all steps all but exp(−gamma) of it.</param>
public sealed record CurriculumDropRate(long Steps, double Gamma = 10) : DropRateSchedule
{
    /// <inheritdoc cref="CurriculumDropRate(long, double)" path="/param"/>
    public long Steps { get; } = Require.AtLeast(1, Steps, "steps of the schedule");

    /// <inheritdoc cref="CurriculumDropRate(long, double)" path="/param"/>
    public double Gamma { get; } = Require.Positive(Gamma, "gamma");

    /// <inheritdoc/>
    public override double Factor(long iteration) => 1 - Math.Exp(-Gamma * iteration / Steps);
}
