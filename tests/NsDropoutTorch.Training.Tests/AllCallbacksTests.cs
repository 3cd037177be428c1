using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.TensorBoard;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>Every callback at once, none of which ends the run.</summary>
public sealed class AllCallbacksTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;
    private readonly BestWeights best = new();
    private readonly StringWriter written = new();

    public AllCallbacksTests()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Fact]
    public void Fit_TwoHundredEpochs_KeepsTheCountOfLiveTensors()
    {
        var counts = new List<long>();

        Fit(200, new Recorder { EpochEnd = (_, _) => counts.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount) });

        Assert.Equal(200, counts.Count);
        Assert.All(counts[2..], count => Assert.Equal(counts[2], count));
    }

    [Fact]
    public void Fit_WithAll_GivesTheBitsAndHistoryOfNone()
    {
        var (alone, history) = Fit(12);
        var last = Array.Empty<float>();
        var recorder = new Recorder { EpochEnd = (context, _) => last = Models.Weights(context.Model) };

        var (_, watched) = Fit(12, [recorder, .. All()]);

        Assert.Equal(alone, last);
        Assert.Equal(history, watched);
        Assert.NotEqual("", written.ToString());
        Assert.Equal(2, Directory.GetFiles(folder).Length);
    }

    public void Dispose()
    {
        best.Dispose();
        written.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private Callback[] All() =>
    [
        best,
        new ModelCheckpoint(Path.Combine(folder, "run")) { EveryEpochs = 20 },
        new EarlyStopping(1_000, restoreBest: true),
        new CsvLog(Path.Combine(folder, "log.csv")),
        new JsonLinesLog(Path.Combine(folder, "log.jsonl")),
        new StopOnNonFinite(),
        new StopOnNonFinite { EveryStep = true },
        new TimeLimit(TimeSpan.FromDays(1)),
        new Milestones(written.WriteLine, 0.5, 0.9),
        new ProgressLog(written, "all"),
        new ProgressBar(written, () => 80),
        new LeakCheck(),
        new ParameterStatistics(),
        new TensorBoardLog(Path.Combine(folder, "board")) { EverySteps = 1, HistogramsEveryEpochs = 3 },
    ];

    private (float[] Weights, EpochRecord[] History) Fit(int epochs, Recorder recorder) => Fit(epochs, [.. All(), recorder]);

    private static (float[] Weights, EpochRecord[] History) Fit(int epochs, params Callback[] callbacks)
    {
        using var train = Models.Clouds(70, 1);
        using var validation = Models.Clouds(40, 2);
        using var model = Models.Mlp(nn.NSDropout(16, 3, 0.25));
        var options = new TrainerOptions
        {
            Epochs = epochs,
            BatchSize = 32,
            MicroBatches = 2,
            Clipping = new ClipByNorm(1),
            Schedule = new WarmUp(5, new PlateauDecay(0.9, 3)),
            Penalties = [new("hidden") { WeightL1 = 1e-4, WeightL2 = 1e-4 }],
        };
        var result = Trainer.Fit(model, train, validation, options, callbacks, maskStatistics: validation);
        return (Models.Weights(model), [.. result.History.Select(record => record with { Seconds = 0 })]);
    }
}
