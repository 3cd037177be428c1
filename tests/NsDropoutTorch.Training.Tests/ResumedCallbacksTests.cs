using NsDropoutTorch.Data.Formats;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>What goes by the history goes on after an interruption as if there had been none.</summary>
public sealed class ResumedCallbacksTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    // Five steps an epoch: within the first epoch, at its end, later.
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(17)]
    [InlineData(26)]
    public void Fit_Resumed_StopsLogsAnnouncesAndRestoresAsIfNeverInterrupted(int cancelAt)
    {
        var whole = Fit("whole", null);

        Assert.Null(Fit("resumed", cancelAt).Result);
        var resumed = Fit("resumed", null);

        Assert.NotNull(whole.Result!.StopReason);
        Assert.Equal(whole.Result.StopReason, resumed.Result!.StopReason);
        Assert.Equal(WithoutSeconds(whole.Result), WithoutSeconds(resumed.Result));
        Assert.Equal(whole.Weights, resumed.Weights);
        Assert.Equal(resumed.Result.History.Select(EpochText.Csv).Prepend(EpochText.CsvHeader(resumed.Result.History[0])), File.ReadAllLines(Path.Combine(folder, "resumed.csv")));
    }

    [Fact]
    public void Fit_TimeLimit_OnlyPutsTheRunOff()
    {
        using var data = Models.Clouds(32, 1);
        using var model = Models.Mlp();
        var options = new TrainerOptions { Epochs = 3, ResumeFrom = Path.Combine(folder, "run") };

        var first = Trainer.Fit(model, data, null, options, [new ModelCheckpoint(options.ResumeFrom), new TimeLimit(TimeSpan.FromTicks(1))]);
        var second = Trainer.Fit(model, data, null, options, [new ModelCheckpoint(options.ResumeFrom)]);

        Assert.Equal("the time limit of 00:00:00.0000001 is reached", first.StopReason);
        Assert.Null(second.StopReason);
        Assert.Equal(3, second.History.Count);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static EpochRecord[] WithoutSeconds(FitResult result) => [.. result.History.Select(record => record with { Seconds = 0 })];

    private (FitResult? Result, float[] Weights) Fit(string name, int? cancelAt)
    {
        using var data = Models.Clouds(150, 1);
        using var validation = Models.Clouds(60, 2);
        using var model = Models.Mlp(nn.Dropout(0.2));
        using var cancellation = new CancellationTokenSource();
        var checkpoints = Path.Combine(folder, name);
        var options = new TrainerOptions
        {
            Epochs = 100,
            BatchSize = 32,
            MicroBatches = 2,
            Clipping = new ClipByNorm(1),
            Optimizer = parameters => optim.Adam(parameters, 0.05),
            Schedule = new WarmUp(7, new PlateauDecay(0.5, 1)),
            ResumeFrom = checkpoints,
        };
        Callback[] callbacks =
        [
            new ModelCheckpoint(checkpoints),
            new EarlyStopping(4, restoreBest: true) { Monitor = MonitoredMetric.SelectionLoss },
            new CsvLog(checkpoints + ".csv"),
            new StopOnNonFinite(),
            new Recorder
            {
                StepEnd = context =>
                {
                    if (context.Iteration == cancelAt)
                    {
                        cancellation.Cancel();
                    }
                },
            },
        ];
        try
        {
            return (Trainer.Fit(model, data, validation, options, callbacks, cancellationToken: cancellation.Token), Models.Weights(model));
        }
        catch (OperationCanceledException)
        {
            return (null, []);
        }
    }
}
