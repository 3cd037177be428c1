using NsDropoutTorch.Training.Callbacks;
using TorchSharp;

namespace NsDropoutTorch.Training.Tests;

public sealed class TimeLimitTests
{
    [Fact]
    public void Fit_LimitReached_StopsAfterThatStep()
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();
        var clock = new Clock();
        var recorder = new Recorder { StepEnd = _ => clock.Seconds += 10 };

        // Four steps of ten seconds an epoch: the minute is over with step 6.
        var result = Trainer.Fit(
            model, data, null, new TrainerOptions { BatchSize = 16 }, [recorder, new TimeLimit(TimeSpan.FromMinutes(1), clock)]);

        Assert.Equal("the time limit of 00:01:00 is reached", result.StopReason);
        Assert.Equal(["epoch 1 begins", "step 5", "step 6", "fit ends"], recorder.Calls[^4..]);
        Assert.Single(result.History);
    }

    [Fact]
    public void TimeLimit_Zero_SaysTheRule() =>
        Broken.Says("time limit must be above 0, but got 00:00:00.", () => _ = new TimeLimit(TimeSpan.Zero));

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; } = 1_000;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
