using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Data;
using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>A training step never waits for the device: what is read, is read once an epoch. Shown as for the layers, by the compiled code and on a device without elements.</summary>
public sealed class HostReadTests
{
    private static readonly Device NoData = new(DeviceType.META);

    public static TheoryData<string> Runs => [.. Options.Keys];

    private static Dictionary<string, TrainerOptions> Options { get; } = new(StringComparer.Ordinal)
    {
        ["plain"] = new(),
        ["pieces"] = new() { MicroBatches = 3 },
        ["clipped by norm"] = new() { Clipping = new ClipByNorm(1) },
        ["clipped by value"] = new() { Clipping = new ClipByValue(1) },
        ["penalty"] = new() { Penalties = [new("0") { WeightL2 = 1 }] },
        ["schedule"] = new() { Schedule = new WarmUp(2) },
        ["averaged"] = new() { Averaging = new ExponentialAverage() },
        ["SGD"] = new() { Optimizer = parameters => optim.SGD(parameters, 0.1, momentum: 0.9) },
    };

    [Fact]
    public void Library_ReadsElements_OnlyWhereItIsMeant()
    {
        string[] meant =
        [
            "Auroc.End: cpu", // once an evaluation, as the other metrics
            "Auroc.End: data",
            "BatchNormCheck.HasLostItsVariance: IsTrue", // once, for a piece of one sample
            "CalibrationError.End: cpu",
            "CalibrationError.End: data",
            "ConfusionMatrix.End: cpu",
            "ConfusionMatrix.End: data",
            "EpochMeter.Read: cpu", // once an epoch
            "EpochMeter.Read: data",
            "GapMatchedRate..ctor: cpu", // which rows are held out
            "GapMatchedRate..ctor: data",
            "GapMatchedRate.Sum: cpu", // once in 25 steps of its search
            "GapMatchedRate.Sum: item",
            "HistogramBuckets.Of: cpu", // once a histogram
            "HistogramBuckets.Of: data",
            "HistogramBuckets.Of: masked_select",
            "HostMemory.Elements: get_bytes", // of tensors in host memory; the runs below show that no others get there
            "ImagePixels.Of: cpu", // once an image
            "ImagePixels.Of: data",
            "LearningRateFinder.OnStepEnd: Number", // a search of 100 steps
            "LossScale.Unscale: item", // whether a step of float16 is taken
            "MeanMetric.End: cpu",
            "MeanMetric.End: data",
            "ParameterStatistics.OnStepEnd: cpu", // once an epoch
            "ParameterStatistics.OnStepEnd: data",
            "ProgressBar.OnStepEnd: Number", // ten times a second, on a terminal
            "R2Score.End: cpu",
            "R2Score.End: data",
            "RandomState.DrawnSeed: item", // of a number in host memory
            "SeededDraws..ctor: item", // once a prediction with a seed, on a CUDA device
            "StopOnNonFinite.OnStepEnd: Number", // says that it waits
            "StopOnNonFinite.StopAtTheFirst: cpu",
            "StopOnNonFinite.StopAtTheFirst: data",
            "TemperatureScaling.Fit: Number", // a search of 50 steps
            "TensorBoardLog.OnStepEnd: Number", // every so many steps, as it is asked to
        ];

        // The name of the host's device alone says where tensors are made.
        Assert.Equal(meant, HostReads.In(typeof(Trainer).Assembly).Where(read => !read.EndsWith(": CPU", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Fit_Steps_RunWhereThereAreNoElements(string name)
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(
            nn.Linear(8, 16, device: NoData), nn.Sigmoid(), nn.NSDropout(16, 3, device: NoData), nn.VariationalDropout(16, device: NoData), nn.Linear(16, 3, device: NoData));
        var batches = BatchSource.FromSequence(5, _ => Enumerable.Repeat((rand(12, 8, device: NoData), zeros(12, ScalarType.Int64, NoData)), 5));
        using var capture = new TensorData(rand(12, 8, device: NoData), zeros(12, ScalarType.Int64, NoData));
        // An epoch ends with the one reading of its sums.
        var steps = new StopAfter(3);

        var result = Trainer.Fit(model, new TrainingData(batches, capture, null), Options[name], [new StopOnNonFinite(), steps]);

        Assert.Equal(3, steps.Count);
        Assert.Empty(result.History);
    }

    private sealed class StopAfter(int steps) : Callback
    {
        public int Count { get; private set; }

        public override void OnStepEnd(FitContext context)
        {
            if (++Count == steps) context.RequestStop("three steps are enough");
        }
    }
}
