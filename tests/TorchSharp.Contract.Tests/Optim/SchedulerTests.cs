using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Contract.Tests.Optim;

/// <summary>Each schedule against its closed form, starting at 1.</summary>
public sealed class SchedulerTests : ContractTest
{
    public static TheoryData<string, Func<Optimizer, lr_scheduler.LRScheduler>, Func<int, double>> Schedules => new()
    {
        { "StepLR", o => lr_scheduler.StepLR(o, 3, 0.5), n => Math.Pow(0.5, n / 3) },
        { "MultiStepLR", o => lr_scheduler.MultiStepLR(o, [2, 5], 0.1), n => n >= 5 ? 0.01 : n >= 2 ? 0.1 : 1 },
        { "ExponentialLR", o => lr_scheduler.ExponentialLR(o, 0.9), n => Math.Pow(0.9, n) },
        { "LambdaLR", o => lr_scheduler.LambdaLR(o, n => 1.0 / (n + 1)), n => 1.0 / (n + 1) },
        { "MultiplicativeLR", o => lr_scheduler.MultiplicativeLR(o, n => 0.8), n => Math.Pow(0.8, n) },
        { "CosineAnnealingLR", o => lr_scheduler.CosineAnnealingLR(o, 8, 0.1), n => 0.1 + (0.9 * (1 + Math.Cos(Math.PI * n / 8)) / 2) },
        { "ConstantLR", o => lr_scheduler.ConstantLR(o, 0.5, 3), n => n >= 3 ? 1 : 0.5 },
        { "LinearLR", o => lr_scheduler.LinearLR(o, 0.25, 1, 4), n => 0.25 + (0.75 * Math.Min(n, 4) / 4) },
    };

    [Theory]
    [MemberData(nameof(Schedules), DisableDiscoveryEnumeration = true)]
    public void Schedule_FollowsItsClosedForm(
        string name, Func<Optimizer, lr_scheduler.LRScheduler> create, Func<int, double> closedForm)
    {
        using var optimizer = SGD([new Parameter(ones(1))], 1);
        var schedule = create(optimizer);
        for (var n = 0; n <= 8; n++)
        {
            var rate = Assert.Single(optimizer.ParamGroups).LearningRate;
            Assert.True(Math.Abs(rate - closedForm(n)) < 1e-12, $"{name} at {n} must be {closedForm(n)}, but was {rate}");
            Assert.Equal(rate, Assert.Single(schedule.get_last_lr()));
            optimizer.step();
            schedule.step();
        }
    }

    [Fact]
    public void Schedule_OfSeveralGroups_ScalesEachFromItsOwnStart()
    {
        using var optimizer = SGD([new SGD.ParamGroup([new Parameter(ones(1))], 1), new SGD.ParamGroup([new Parameter(ones(1))], 0.1)], 1);
        var schedule = lr_scheduler.ExponentialLR(optimizer, 0.5);
        schedule.step();
        Assert.Equal([0.5, 0.05], schedule.get_last_lr());
    }

    [Fact]
    public void ReduceOnPlateau_WaitsForItsPatience()
    {
        using var optimizer = SGD([new Parameter(ones(1))], 1);
        var schedule = lr_scheduler.ReduceLROnPlateau(optimizer, factor: 0.1, patience: 2);
        var group = optimizer.ParamGroups.Single();
        foreach (var loss in new[] { 1.0, 0.5, 0.5, 0.5 }) schedule.step(loss);
        Assert.Equal(1, group.LearningRate);
        schedule.step(0.5);
        Assert.Equal(0.1, group.LearningRate, 1e-12);
    }

    [Fact]
    public void Schedule_WithAnEpoch_JumpsToIt()
    {
        using var optimizer = SGD([new Parameter(ones(1))], 1);
        var schedule = lr_scheduler.ExponentialLR(optimizer, 0.5);
        schedule.step(4);
        Assert.Equal(0.0625, Assert.Single(schedule.get_last_lr()));
    }
}
