using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class ScheduledDropRatesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public static TheoryData<DropRateSchedule, double[]> Curves => new()
    {
        { new LinearDropRate(4), [0, 0.25, 0.5, 0.75, 1, 1] },
        { new LinearDropRate(4, 1, 0), [1, 0.75, 0.5, 0.25, 0, 0] },
        { new CosineDropRate(4), [0, (1 - Math.Sqrt(0.5)) / 2, 0.5, (1 + Math.Sqrt(0.5)) / 2, 1, 1] },
        { new CosineDropRate(2, 0.8, 0.2), [0.8, 0.5, 0.2, 0.2] },
        // θ(t) = (1 − θ)·exp(−γt) + θ of the paper, as a factor on 1 − θ, for θ = 1/2.
        { new CurriculumDropRate(5), [.. Enumerable.Range(0, 6).Select(t => (1 - ((0.5 * Math.Exp(-2 * t)) + 0.5)) / 0.5)] },
    };

    [Theory]
    [MemberData(nameof(Curves))]
    public void Factor_EachStep_IsTheFormula(DropRateSchedule schedule, double[] expected) =>
        Assert.All(expected, (factor, iteration) => Assert.Equal(factor, schedule.Factor(iteration), 1e-15));

    [Fact]
    public void Schedules_OptionsOutOfRange_SayTheRule()
    {
        AssertRefused(() => new LinearDropRate(0), "steps of the schedule must be at least 1, but got 0.");
        AssertRefused(() => new LinearDropRate(5, -0.1), "start must be in [0, 1], but got -0.1.");
        AssertRefused(() => new CosineDropRate(5, 0, 1.1), "end must be in [0, 1], but got 1.1.");
        AssertRefused(() => new CurriculumDropRate(5, 0), "gamma must be a finite number above 0, but got 0.");
    }

    [Fact]
    public void Fit_EveryStep_HasTheRateOfTheScheduleAndTheOwnOneAfterwards()
    {
        using var data = Models.Clouds(96, 1);
        var (fast, plain, learned, fixedRate) = (nn.FastDropout(0.4), nn.Dropout(0.8), nn.ConcreteDropout(16, 0.3), nn.DropPath(0.1));
        using var model = nn.Sequential(("in", nn.Linear(4, 16)), ("fast", fast), ("plain", plain), ("learned", learned), ("fixed", fixedRate), ("out", nn.Linear(16, 3)));
        var seen = new List<(double, double, double)>();
        var recorder = new Recorder { StepEnd = _ => seen.Add((Math.Round(fast.p, 12), Math.Round(plain.p, 12), fixedRate.p)) };

        Trainer.Fit(model, data, null, new() { Epochs = 2, BatchSize = 32 }, [new ScheduledDropRates(new LinearDropRate(4)) { Layers = ["fast", "plain"] }, recorder]);

        Assert.Equal([(0, 0, 0.1), (0.1, 0.2, 0.1), (0.2, 0.4, 0.1), (0.3, 0.6, 0.1), (0.4, 0.8, 0.1), (0.4, 0.8, 0.1)], seen);
        Assert.Equal((0.4, 0.8, 0.1), (fast.p, plain.p, fixedRate.p));
        Assert.InRange(learned.p, 0.2, 0.4);
    }

    [Fact]
    public void Fit_Fails_PutsTheRatesBack()
    {
        using var data = Models.Clouds(96, 1);
        var drop = nn.FastDropout(0.4);
        using var model = Models.Mlp(drop);
        var schedule = new ScheduledDropRates(new LinearDropRate(100));
        var broken = new Recorder { StepEnd = context => throw new InvalidOperationException("step " + context.Iteration) };

        Assert.Throws<InvalidOperationException>(() => Trainer.Fit(model, data, null, new() { Epochs = 1, BatchSize = 32 }, [schedule, broken]));

        Assert.Equal(0.4, drop.p);
    }

    /// <summary>Constant factors are another p, and those that change are another run.</summary>
    [Fact]
    public void Fit_ConstantFactor_IsTheRunWithThatRate()
    {
        Assert.Equal(Weights(0.2, null), Weights(0.4, new LinearDropRate(1, 0.5, 0.5)));
        Assert.NotEqual(Weights(0.4, null), Weights(0.4, new CosineDropRate(12)));

        static float[] Weights(double p, DropRateSchedule? schedule)
        {
            using var data = Models.Clouds(96, 1);
            manual_seed(7);
            using var model = Models.Mlp(nn.FastDropout(p));
            Trainer.Fit(model, data, null, new() { Epochs = 4, BatchSize = 32 }, schedule is null ? [] : [new ScheduledDropRates(schedule)]);
            return Models.Weights(model);
        }
    }

    // Three steps an epoch: within the first epoch, at its end, later.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void Fit_Resumed_GivesTheBitsOfARunWithoutInterruption(int cancelAt)
    {
        var whole = Fit("whole", null);
        Assert.Null(Fit("resumed", cancelAt));
        Assert.Equal(whole, Fit("resumed", null));
    }

    [Fact]
    public void Fit_ModelWithoutSuchALayer_SaysTheRule()
    {
        using var data = Models.Clouds(96, 1);
        using var model = Models.Mlp();
        using var named = Models.Mlp(nn.FastDropout(0.4));
        AssertRefused(() => Trainer.Fit(model, data, null, new() { Epochs = 1 }, [new ScheduledDropRates(new LinearDropRate(4))]),
            "the model must have a layer whose drop rate can be set, but has none: leave ScheduledDropRates out, or implement IDropRate.");
        var name = DropRates.In(named)[0].Name;
        AssertRefused(() => Trainer.Fit(named, data, null, new() { Epochs = 1 }, [new ScheduledDropRates(new LinearDropRate(4)) { Layers = ["nowhere"] }]),
            $"layers of ScheduledDropRates must be among {name}, but got 'nowhere'.");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void AssertRefused(Func<object> act, string message) => Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(act).Message);

    private float[]? Fit(string name, int? cancelAt)
    {
        using var data = Models.Clouds(96, 1);
        manual_seed(7);
        using var model = Models.Mlp(nn.FastDropout(0.4));
        using var cancellation = new CancellationTokenSource();
        var options = new TrainerOptions { Epochs = 6, BatchSize = 32, ResumeFrom = Path.Combine(folder, name) };
        var recorder = new Recorder { StepEnd = context => { if (context.Iteration == cancelAt) cancellation.Cancel(); } };
        try
        {
            Trainer.Fit(model, data, null, options, [new ModelCheckpoint(options.ResumeFrom), new ScheduledDropRates(new CurriculumDropRate(18, 3)), recorder], cancellationToken: cancellation.Token);
            return Models.Weights(model);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
