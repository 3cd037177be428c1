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

/// <summary>Falls every epoch by the same factor: lr · gamma^epoch.</summary>
/// <param name="Gamma">What is left of the rate after an epoch, in (0, 1].</param>
public sealed record ExponentialDecay(double Gamma) : LearningRateSchedule
{
    /// <inheritdoc cref="ExponentialDecay(double)" path="/param"/>
    public double Gamma { get; } = Require.Share(Gamma, "gamma");

    /// <inheritdoc/>
    public override double Factor(long iteration, int epoch) => Math.Pow(Gamma, epoch);
}

/// <summary>Decay with the number of steps: lr / (1 + decay · iteration), with iteration = 0 at the first step.</summary>
/// <param name="Decay">How much of the initial rate's reciprocal each step adds, at least 0.</param>
public sealed record InverseTimeDecay(double Decay) : LearningRateSchedule
{
    /// <inheritdoc cref="InverseTimeDecay(double)" path="/param"/>
    public double Decay { get; } = Require.NotNegative(Decay, "decay");

    /// <inheritdoc/>
    public override double Factor(long iteration, int epoch) => 1 / (1 + (Decay * iteration));
}

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

/// <summary>
/// Falls along half a cosine again and again: lr · (floor + (1 − floor) · (1 + cos(π · t / T)) / 2), with t epochs since the last restart and T epochs to the next, which grows by a
/// factor from one to the next. Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017.
/// </summary>
/// <param name="Epochs">Epochs to the first restart, at least 1.</param>
/// <param name="Growth">Factor from each period to the next, at least 1.</param>
/// <param name="Floor">The lowest rate as a part of the initial one, in [0, 1].</param>
public sealed record CosineRestarts(int Epochs, int Growth = 1, double Floor = 0) : LearningRateSchedule
{
    /// <inheritdoc cref="CosineRestarts(int, int, double)" path="/param"/>
    public int Epochs { get; } = (int)Require.AtLeast(1, Epochs, "epochs to the first restart");

    /// <inheritdoc cref="CosineRestarts(int, int, double)" path="/param"/>
    public int Growth { get; } = (int)Require.AtLeast(1, Growth, "growth");

    /// <inheritdoc cref="CosineRestarts(int, int, double)" path="/param"/>
    public double Floor { get; } = Require.Fraction(Floor, "floor");

    /// <inheritdoc/>
    public override double Factor(long iteration, int epoch)
    {
        var (since, period) = ((long)epoch, (long)Epochs);
        while (since >= period)
        {
            (since, period) = (since - period, period * Growth);
        }

        return Floor + ((1 - Floor) * (1 + Math.Cos(Math.PI * since / period)) / 2);
    }
}

/// <summary>
/// One rise and one fall over the whole run, both along half a cosine: from lr / 25 to lr in the first part of the steps, then to lr / 250,000. Source: Smith and Topin,
/// "Super-Convergence", 2018; the formula is that of PyTorch's <c>OneCycleLR</c> with its defaults. The optimizer's rate is the highest.
/// </summary>
/// <param name="Steps">Steps of the run, at least 2; afterwards the rate stays.</param>
/// <param name="Rise">Part of the steps in which it rises, in (0, 1].</param>
public sealed record OneCycle(long Steps, double Rise = 0.3) : LearningRateSchedule
{
    private const double First = 1 / 25.0;
    private const double Last = First / 1e4;

    /// <inheritdoc cref="OneCycle(long, double)" path="/param"/>
    public long Steps { get; } = Require.AtLeast(2, Steps, "steps of the cycle");

    /// <inheritdoc cref="OneCycle(long, double)" path="/param"/>
    public double Rise { get; } = Require.Share(Rise, "rise");

    /// <inheritdoc/>
    public override double Factor(long iteration, int epoch)
    {
        var (step, top, end) = (Math.Min(iteration, Steps - 1), Math.Max((Rise * Steps) - 1, 0), Steps - 1);
        return step < top ? Between(First, 1, step / top) : step == top ? 1 : Between(1, Last, (step - top) / (end - top));
    }

    private static double Between(double from, double to, double part) => to + ((from - to) / 2 * (1 + Math.Cos(Math.PI * part)));
}

/// <summary>Rises and falls in equal parts again and again between a lowest rate and the full one. Source: Smith, "Cyclical Learning Rates for Training Neural Networks", 2017.</summary>
/// <param name="Steps">Steps of a rise, and of a fall, at least 1.</param>
/// <param name="Lowest">The lowest rate as a part of the initial one, in [0, 1].</param>
public sealed record CyclicRate(long Steps, double Lowest) : LearningRateSchedule
{
    /// <inheritdoc cref="CyclicRate(long, double)" path="/param"/>
    public long Steps { get; } = Require.AtLeast(1, Steps, "steps of a rise");

    /// <inheritdoc cref="CyclicRate(long, double)" path="/param"/>
    public double Lowest { get; } = Require.Fraction(Lowest, "lowest rate");

    /// <inheritdoc/>
    public override double Factor(long iteration, int epoch) =>
        Lowest + ((1 - Lowest) * (1 - Math.Abs(((double)(iteration % (2 * Steps)) / Steps) - 1)));
}

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

    /// <summary>What must come down. Default: <see cref="MonitoredMetric.SelectionLoss"/>.</summary>
    public MonitoredMetric Monitor { get; init; } = MonitoredMetric.SelectionLoss;

    /// <summary>Only a fall of the measure by more than this counts, at least 0. Default: 0.</summary>
    public double MinDelta { get; init => field = Require.NotNegative(value, "min delta"); }

    /// <summary>The lowest rate as a part of the initial one, in [0, 1]. Default: 0.</summary>
    public double Floor { get; init => field = Require.Fraction(value, "floor"); }

    /// <inheritdoc/>
    public override double Factor(long iteration, int epoch) => 1;

    /// <inheritdoc/>
    public override double FactorAfter(IReadOnlyList<EpochRecord> history)
    {
        var (best, falls) = (BestSoFar.Start, 0);
        foreach (var record in history)
        {
            best = best.Next(record.Epoch, Monitor.RequiredCost(record), MinDelta);
            if (best.EpochsSince == Patience)
            {
                (best, falls) = (best with { EpochsSince = 0 }, falls + 1);
            }
        }

        return Math.Max(Math.Pow(Gamma, falls), Floor);
    }
}
