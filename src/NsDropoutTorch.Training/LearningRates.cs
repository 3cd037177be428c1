using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>The learning rates of a run's optimizer, set by a schedule of ours or by a scheduler of TorchSharp; by neither, they stay as they are.</summary>
internal sealed class LearningRates
{
    private readonly optim.ILearningRateController[] groups;
    private readonly LearningRateSchedule? schedule;
    private readonly optim.lr_scheduler.LRScheduler? scheduler;
    private readonly bool perStep;
    private double factorOfEpoch = 1;

    /// <exception cref="ArgumentException">The options name both.</exception>
    public LearningRates(optim.Optimizer optimizer, TrainerOptions options)
    {
        (groups, schedule, perStep) = ([.. optimizer.ParamGroups], options.Schedule, options.SchedulerPerStep);
        scheduler = options switch
        {
            { Scheduler: null } => null,
            { Schedule: not null } => throw Require.Broken("Schedule and Scheduler must not both be set, since each sets the learning rate; leave one out."),
            _ => options.Scheduler(optimizer),
        };
    }

    /// <summary>The rate of each group of parameters.</summary>
    public IReadOnlyList<double> Values => [.. groups.Select(group => group.LearningRate)];

    public void BeginEpoch(IReadOnlyList<EpochRecord> history) => factorOfEpoch = schedule?.FactorAfter(history) ?? 1;

    /// <summary>Sets the rates of a step; returns that of the first group.</summary>
    public double BeginStep(long iteration, int epoch)
    {
        if (schedule is not null)
        {
            var factor = schedule.Factor(iteration, epoch) * factorOfEpoch;
            foreach (var group in groups)
            {
                group.LearningRate = group.InitialLearningRate * factor;
            }
        }

        return groups[0].LearningRate;
    }

    public void EndStep() => Advance(perStep ? 1 : 0);

    public void EndEpoch() => Advance(perStep ? 0 : 1);

    /// <summary>Goes on as after so many steps and epochs; some schedulers compute each rate from the last, so all are computed again.</summary>
    /// <param name="first">The rates that the run began with.</param>
    /// <param name="iteration">Finished steps.</param>
    /// <param name="epoch">Finished epochs.</param>
    public void Replay(IReadOnlyList<double> first, long iteration, int epoch)
    {
        if (scheduler is null)
        {
            return;
        }

        foreach (var (group, rate) in groups.Zip(first))
        {
            group.LearningRate = rate;
        }

        Advance(perStep ? iteration : epoch);
    }

    private void Advance(long times)
    {
        for (; scheduler is not null && times > 0; times--)
        {
            scheduler.step();
        }
    }
}
