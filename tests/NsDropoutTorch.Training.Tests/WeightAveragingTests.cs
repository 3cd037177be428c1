using NsDropoutTorch.Data;
using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class WeightAveragingTests : IDisposable
{
    private readonly TensorData train = Models.Clouds(90, 1);
    private readonly TensorData validation = Models.Clouds(40, 2);
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Exponential_KeepsTheAverageOfAllSteps()
    {
        var steps = new List<float[]>();

        var kept = Fit(new ExponentialAverage(0.9), new Recorder { StepEnd = context => steps.Add(Models.Weights(context.Model)) });

        var expected = steps[0].Select(weight => (double)weight).ToArray();
        foreach (var weights in steps[1..])
        {
            expected = [.. expected.Zip(weights, (average, weight) => (0.9 * average) + (0.1 * weight))];
        }

        AssertNear(expected, kept);
    }

    [Fact]
    public void Stochastic_KeepsTheMeanOfTheEpochsFromTheFirst()
    {
        var epochs = new List<float[]>();
        var last = Array.Empty<float>();
        var recorder = new Recorder
        {
            StepEnd = context => last = Models.Weights(context.Model),
            EpochEnd = (_, _) => epochs.Add(last),
        };

        var kept = Fit(new StochasticAverage(1), recorder);

        AssertNear([.. Enumerable.Range(0, kept.Length).Select(i => epochs[1..].Average(weights => (double)weights[i]))], kept);
    }

    [Fact]
    public void Fit_TrainsAsWithoutAndValidatesTheAverage()
    {
        var (without, with) = (new List<float[]>(), new List<float[]>());
        var evaluated = new List<Evaluation>();
        Fit(null, new Recorder { StepEnd = context => without.Add(Models.Weights(context.Model)) });

        using var model = Model();
        var result = Fit(model, new ExponentialAverage(0.9), new Recorder
        {
            StepEnd = context => with.Add(Models.Weights(context.Model)),
            EpochEnd = (context, _) => evaluated.Add(Trainer.Evaluate((nn.Module<Tensor, Tensor>)context.Model, validation)),
        });

        Assert.Equal(without, with);
        Assert.Equal(evaluated.Select(evaluation => evaluation.Loss), result.History.Select(record => record.SelectionLoss!.Value));
        Assert.NotEqual(with[^1], Models.Weights(model));
        Assert.Equal(evaluated[^1], Trainer.Evaluate(model, validation));
    }

    [Fact]
    public void LoadWeights_OfTheRun_LoadsTheAverage()
    {
        var kept = Fit(new ExponentialAverage(0.9), new ModelCheckpoint(folder.Root));
        using var loaded = Model();

        Checkpoint.LoadWeights(Path.Combine(folder.Root, "last.ckpt"), loaded);

        Assert.Equal(kept, Models.Weights(loaded));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fit_Resumed_GivesTheBitsOfTheWholeRun(bool isExponential)
    {
        WeightAveraging averaging = isExponential ? new ExponentialAverage(0.9) : new StochasticAverage(1);
        var whole = Fit(averaging);
        using (var interrupted = Model())
        {
            Assert.Throws<InvalidTimeZoneException>(() => Fit(
                interrupted, averaging, new ModelCheckpoint(folder.Root) { EverySteps = 1 },
                new Recorder { StepEnd = context => _ = context.Iteration == 14 ? throw new InvalidTimeZoneException() : 0 }));
        }

        using var resumed = Model();
        Fit(resumed, averaging, folder.Root);

        Assert.Equal(whole, Models.Weights(resumed));
    }

    [Fact]
    public void Fit_WithNSDropoutAndRestoreBest_KeepsTheAverageOfTheBestEpoch()
    {
        var averages = new List<float[]>();
        using var model = Models.Mlp(nn.NSDropout(16, 3, 0.25));
        using var never = Models.Mlp(nn.NSDropout(16, 3, 0.25));
        var options = Options(new ExponentialAverage(0.9));

        var result = Trainer.Fit(
            model, train, validation, options, [new EarlyStopping(2, restoreBest: true), new Recorder { EpochEnd = (context, _) => averages.Add(Models.Weights(context.Model)) }], validation);

        var best = result.History.MinBy(record => record.SelectionError)!.Epoch;
        Assert.Equal(averages[best], Models.Weights(model));
    }

    [Fact]
    public void TiedWeights_AreAveragedOnce()
    {
        using var shared = nn.Linear(4, 4);
        using var model = nn.Sequential(("a", shared), ("b", shared), ("c", nn.Linear(4, 3)));
        var last = Array.Empty<float>();

        Fit(model, new ExponentialAverage(0), new Recorder { StepEnd = context => last = Models.Weights(context.Model) });

        Assert.Equal(last, Models.Weights(model));
    }

    [Fact]
    public void Fit_WhenACallbackThrows_LeavesTheLastWeightsInTheModelAndNoTensor()
    {
        using var model = Model();
        var last = Array.Empty<float>();
        void Interrupt() => Assert.Throws<InvalidTimeZoneException>(() => Fit(model, new ExponentialAverage(0.9), new Recorder
        {
            StepEnd = context => last = Models.Weights(context.Model),
            EpochEnd = (_, _) => throw new InvalidTimeZoneException(),
        }));
        Interrupt();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Interrupt();

        Assert.Equal(last, Models.Weights(model));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Averages_OutOfRange_AreRefused()
    {
        Broken.Says("decay must be in [0, 1), but got 1.", () => _ = new ExponentialAverage(1));
        Broken.Says("first epoch of the average must be at least 0, but got -1.", () => _ = new StochasticAverage(-1));
    }

    public void Dispose()
    {
        train.Dispose();
        validation.Dispose();
        folder.Dispose();
    }

    private static nn.Module<Tensor, Tensor> Model() => Models.Mlp(nn.BatchNorm1d(16));

    private static TrainerOptions Options(WeightAveraging? averaging) => new() { Epochs = 4, BatchSize = 16, Averaging = averaging };

    private static void AssertNear(double[] expected, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6));

    private float[] Fit(WeightAveraging? averaging, params Callback[] callbacks)
    {
        using var model = Model();
        Fit(model, averaging, callbacks);
        return Models.Weights(model);
    }

    private FitResult Fit(nn.Module<Tensor, Tensor> model, WeightAveraging? averaging, params Callback[] callbacks) =>
        Trainer.Fit(model, train, validation, Options(averaging), callbacks);

    private void Fit(nn.Module<Tensor, Tensor> model, WeightAveraging averaging, string resumeFrom) =>
        Trainer.Fit(model, train, validation, Options(averaging) with { ResumeFrom = resumeFrom });
}
