using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class ScheduleTests
{
    [Fact]
    public void StepDecay_Factor_FallsAtEveryStep() =>
        Assert.Equal([1, 1, 1, 0.5, 0.5, 0.5, 0.25], Factors(new StepDecay(3, 0.5), 7));

    [Fact]
    public void ExponentialDecay_Factor_FallsEveryEpoch() =>
        Assert.Equal([1, 0.5, 0.25, 0.125], Factors(new ExponentialDecay(0.5), 4));

    [Fact]
    public void CosineDecay_Factor_GoesFromOneToTheFloorAndStays()
    {
        var factors = Factors(new CosineDecay(4, 0.2), 7);

        double[] expected = [1, 0.6 + (0.4 * Math.Sqrt(0.5)), 0.6, 0.6 - (0.4 * Math.Sqrt(0.5)), 0.2, 0.2, 0.2];
        Assert.All(expected.Zip(factors), pair => Assert.Equal(pair.First, pair.Second, 1e-15));
    }

    [Fact]
    public void Factors_AreThoseOfTorchSharpsSchedulers()
    {
        AssertSame(new StepDecay(3, 0.3), optimizer => optim.lr_scheduler.StepLR(optimizer, 3, 0.3));
        AssertSame(new ExponentialDecay(0.9), optimizer => optim.lr_scheduler.ExponentialLR(optimizer, 0.9));
        AssertSame(new CosineDecay(10, 0), optimizer => optim.lr_scheduler.CosineAnnealingLR(optimizer, 10));
    }

    [Fact]
    public void Cycles_AreThoseOfTorchSharpsSchedulers()
    {
        AssertSameSteps(new OneCycle(20), 1, optimizer => optim.lr_scheduler.OneCycleLR(optimizer, 1, total_steps: 20, cycle_momentum: false), 20);
        AssertSameSteps(new CyclicRate(4, 0.1), 0.1, optimizer => optim.lr_scheduler.CyclicLR(optimizer, 0.1, 1, step_size_up: 4, step_size_down: 4, cycle_momentum: false), 20);
    }

    [Fact]
    public void CosineRestarts_Factor_BeginsAnewAfterEachPeriod()
    {
        double Half(double part) => 0.1 + (0.9 * (1 + Math.Cos(Math.PI * part)) / 2);
        double[] expected = [Half(0), Half(0.5), Half(0), Half(0.25), Half(0.5), Half(0.75), Half(0)];

        Assert.All(expected.Zip(Factors(new CosineRestarts(2, 2, 0.1), 7)), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_SchedulerOfTorchSharp_GivesTheBitsOfOursAlsoWhenResumed(bool perStep)
    {
        using var folder = new TemporaryFolder();
        using var data = Models.Clouds(50, 1);
        Func<optim.Optimizer, optim.lr_scheduler.LRScheduler> scheduler = optimizer => perStep
            ? optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps: 12, cycle_momentum: false)
            : optim.lr_scheduler.StepLR(optimizer, 2, 0.5);
        LearningRateSchedule ours = perStep ? new OneCycle(12) : new StepDecay(2, 0.5);
        var options = new TrainerOptions { Epochs = 3, BatchSize = 16, Optimizer = parameters => optim.SGD(parameters, 0.1) };
        float[] Fit(TrainerOptions how, params Callback[] callbacks)
        {
            using var model = Models.Mlp();
            Trainer.Fit(model, data, null, how, callbacks);
            return Models.Weights(model);
        }

        var expected = Fit(options with { Schedule = ours });
        var whole = Fit(options with { Scheduler = scheduler, SchedulerPerStep = perStep });
        Fit(options with { Epochs = 2, Scheduler = scheduler, SchedulerPerStep = perStep }, new Callbacks.ModelCheckpoint(folder.Root));
        var resumed = Fit(options with { Scheduler = scheduler, SchedulerPerStep = perStep, ResumeFrom = folder.Root });

        Assert.Equal(expected, whole);
        Assert.Equal(whole, resumed);
        Broken.Says("Schedule and Scheduler must not both be set, since each sets the learning rate; leave one out.", () => Fit(options with { Schedule = ours, Scheduler = scheduler }));
    }

    [Fact]
    public void WarmUp_Factor_RisesByStepsOnTopOfTheOther()
    {
        var schedule = new WarmUp(4, new ExponentialDecay(0.5));

        Assert.Equal([0.25, 0.5, 0.375, 0.5, 0.25], new[] { (0L, 0), (1L, 0), (2L, 1), (3L, 1), (4L, 2) }.Select(at => schedule.Factor(at.Item1, at.Item2)));
        Assert.Equal([0.5, 1, 1], new long[] { 0, 1, 2 }.Select(iteration => new WarmUp(2).Factor(iteration, 0)));
    }

    [Fact]
    public void WarmUp_OverPlateau_PassesTheHistoryOn() =>
        Assert.Equal(0.5, new WarmUp(2, new PlateauDecay(0.5, 1)).FactorAfter(Records.Of(1, 1)));

    [Fact]
    public void PlateauDecay_FactorAfter_FallsAfterPatienceEpochsAndCountsAnew()
    {
        // Best is 0.8; two epochs without improvement, twice; 0.7 improves; one more without.
        var history = Records.Of(1, 0.8, 0.8, 0.9, double.NaN, 0.85, 0.7, 0.7);
        var schedule = new PlateauDecay(0.5, 2);

        var factors = Enumerable.Range(0, history.Length + 1).Select(count => schedule.FactorAfter(history[..count]));

        Assert.Equal([1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25], factors);
    }

    [Fact]
    public void PlateauDecay_Floor_IsNeverPassed() =>
        Assert.Equal(0.3, new PlateauDecay(0.5, 1) { Floor = 0.3 }.FactorAfter(Records.Of(1, 1, 1, 1, 1)));

    [Fact]
    public void PlateauDecay_MinDelta_CountsOnlyFallsByMore() =>
        Assert.Equal(0.25, new PlateauDecay(0.5, 1) { MinDelta = 0.1, Monitor = MonitoredMetric.SelectionError }.FactorAfter(Records.Of(1, 0.95, 0.91, 0.8)));

    [Fact]
    public void Fit_PlateauDecay_SetsTheRateOfEachEpochByThoseBefore()
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();
        var schedule = new PlateauDecay(0.5, 2);

        var history = Trainer.Fit(
            model, data, data,
            new TrainerOptions { Epochs = 30, BatchSize = 16, Optimizer = p => optim.Adam(p, 0.3), Schedule = schedule }).History;

        Assert.True(history[^1].LearningRate < 0.3, "the rate never fell");
        Assert.All(history, record => Assert.Equal(0.3 * schedule.FactorAfter([.. history.Take(record.Epoch)]), record.LearningRate));
    }

    [Fact]
    public void Fit_PlateauWithoutSelection_SaysTheRepair()
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();

        Broken.Says(
            "every epoch must measure the selection loss, but epoch 1 did not; give a validation set, or monitor another figure.",
            () => Trainer.Fit(model, data, null, new TrainerOptions { Schedule = new PlateauDecay(0.5, 2) }));
    }

    [Fact]
    public void Options_OutOfRange_SayTheRule()
    {
        Broken.Says("epochs of a step must be at least 1, but got 0.", () => _ = new StepDecay(0, 0.5));
        Broken.Says("gamma must be in (0, 1], but got 1.5.", () => _ = new StepDecay(1, 1.5));
        Broken.Says("gamma must be in (0, 1], but got 0.", () => _ = new ExponentialDecay(0));
        Broken.Says("epochs of the decay must be at least 1, but got -1.", () => _ = new CosineDecay(-1));
        Broken.Says("floor must be in [0, 1], but got 2.", () => _ = new CosineDecay(1, 2));
        Broken.Says("warm-up steps must be at least 1, but got 0.", () => _ = new WarmUp(0));
        Broken.Says("gamma must be in (0, 1], but got NaN.", () => _ = new PlateauDecay(double.NaN, 1));
        Broken.Says("patience must be at least 1, but got 0.", () => _ = new PlateauDecay(0.5, 0));
        Broken.Says("min delta must be a finite number of at least 0, but got -1.", () => _ = new PlateauDecay(0.5, 1) { MinDelta = -1 });
        Broken.Says("floor must be in [0, 1], but got -1.", () => _ = new PlateauDecay(0.5, 1) { Floor = -1 });
    }

    private static double[] Factors(LearningRateSchedule schedule, int epochs) =>
        [.. Enumerable.Range(0, epochs).Select(epoch => schedule.Factor(10L * epoch, epoch))];

    private static void AssertSameSteps(LearningRateSchedule schedule, double rate, Func<optim.Optimizer, optim.lr_scheduler.LRScheduler> scheduler, int steps)
    {
        using var scope = NewDisposeScope();
        using var optimizer = optim.SGD([new TorchSharp.Modules.Parameter(zeros(1))], rate);
        var theirs = scheduler(optimizer);
        for (var step = 0; step < steps; step++)
        {
            Assert.Equal(optimizer.ParamGroups.Single().LearningRate, schedule.Factor(step, 0), 1e-9);
            theirs.step();
        }
    }

    private static void AssertSame(LearningRateSchedule schedule, Func<optim.Optimizer, optim.lr_scheduler.LRScheduler> make)
    {
        using var model = Models.Mlp();
        using var optimizer = optim.SGD(model.parameters(), 0.1);
        var scheduler = make(optimizer);
        for (var epoch = 0; epoch <= 10; epoch++)
        {
            Assert.Equal(optimizer.ParamGroups.First().LearningRate, 0.1 * schedule.Factor(0, epoch), 1e-12);
            optimizer.step();
            scheduler.step();
        }
    }
}
