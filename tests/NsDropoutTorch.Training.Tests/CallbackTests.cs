using TorchSharp;

namespace NsDropoutTorch.Training.Tests;

public sealed class CallbackTests
{
    private static readonly TrainerOptions TwoSteps = new() { Epochs = 2, BatchSize = 32 };

    [Fact]
    public void Fit_Callbacks_ComeInOrder()
    {
        var recorder = new Recorder();

        Fit(TwoSteps, recorder);

        Assert.Equal(
            ["fit begins", "epoch 0 begins", "step 1", "step 2", "epoch 0 ends", "epoch 1 begins", "step 3", "step 4", "epoch 1 ends", "fit ends"],
            recorder.Calls);
    }

    [Fact]
    public void RequestStop_AtTheEndOfAnEpoch_EndsTheRunWithItsRecord()
    {
        var recorder = new Recorder { EpochEnd = (context, _) => context.RequestStop("enough") };

        var result = Fit(TwoSteps with { Epochs = 50 }, recorder);

        Assert.Equal("enough", result.StopReason);
        Assert.Single(result.History);
        Assert.Equal("fit ends", recorder.Calls[^1]);
    }

    [Fact]
    public void RequestStop_WithinAnEpoch_EndsTheRunWithoutRecordingThatEpoch()
    {
        var recorder = new Recorder
        {
            StepEnd = context =>
            {
                if (context.Iteration == 3)
                {
                    context.RequestStop("three steps");
                    context.RequestStop("a later reason");
                }
            },
        };

        var result = Fit(TwoSteps, recorder);

        Assert.Equal("three steps", result.StopReason);
        Assert.Single(result.History);
        Assert.Equal(["epoch 1 begins", "step 3", "fit ends"], recorder.Calls[^3..]);
    }

    [Fact]
    public void Fit_Cancelled_FinishesTheStepTellsCallbacksAndThrows()
    {
        using var cancellation = new CancellationTokenSource();
        var recorder = new Recorder { StepEnd = _ => cancellation.Cancel() };
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();

        Assert.Throws<OperationCanceledException>(() => Trainer.Fit(model, data, null, TwoSteps, [recorder], cancellationToken: cancellation.Token));

        Assert.Equal(["fit begins", "epoch 0 begins", "step 1", "fit ends"], recorder.Calls);
    }

    [Fact]
    public void Fit_Context_TellsModelOptionsAndProgress()
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();
        var seen = new List<(int Epoch, int Steps, int Finished)>();
        var recorder = new Recorder
        {
            EpochEnd = (context, record) =>
            {
                Assert.Same(model, context.Model);
                Assert.Same(TwoSteps, context.Options);
                Assert.Same(record, context.History[^1]);
                seen.Add((record.Epoch, context.StepsPerEpoch, context.Epoch));
            },
        };

        Trainer.Fit(model, data, null, TwoSteps, [recorder]);

        Assert.Equal([(0, 2, 1), (1, 2, 2)], seen);
    }

    private static FitResult Fit(TrainerOptions options, params Callback[] callbacks)
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();
        return Trainer.Fit(model, data, null, options, callbacks);
    }
}
