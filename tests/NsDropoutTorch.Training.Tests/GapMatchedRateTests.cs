using NsDropoutTorch.Data;
using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class GapMatchedRateTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    /// <summary>The rates of a run against the formula, from the losses that it records.</summary>
    [Fact]
    public void Fit_RatesAreThoseOfTheFormulaAndTheMeanOfTheLastQuarterStays()
    {
        using var data = Models.Clouds(96, 1);
        using var rate = new GapMatchedRate(data);
        var (drop, plain, learned) = (nn.FastDropout(0.4), nn.Dropout(0.7), nn.ConcreteDropout(16, 0.3));
        using var model = nn.Sequential(nn.Linear(4, 16), drop, plain, learned, nn.Linear(16, 3));
        var seen = new List<double>();

        Trainer.Fit(model, new TrainingData(rate.Batches), new() { Epochs = 20, BatchSize = 8 }, [rate, new Recorder { StepEnd = _ => seen.Add(drop.p) }]);

        Assert.Equal([.. Enumerable.Range(1, 8).Select(i => 9L * i)], rate.Updates.Select(update => update.Iteration)); // 6 epochs of 12 steps, a change for each 72 / 8.
        var s = Math.Log(0.2 / 0.8);
        foreach (var update in rate.Updates)
        {
            s = Math.Min(0, Math.Max(-4, s + (0.5 * (update.HeldOutLoss - update.TrainLoss) / (update.HeldOutLoss + update.TrainLoss))));
            Assert.Equal(1 / (1 + Math.Exp(-s)), update.Rate, 1e-12);
        }

        Assert.All(seen.Take(8), p => Assert.Equal(0.2, p, 1e-12));
        Assert.Equal(rate.Updates[0].Rate, seen[9]);
        var found = (rate.Updates[6].Rate + rate.Updates[7].Rate) / 2;
        Assert.All(seen.Skip(72), p => Assert.Equal(found, p, 1e-12));
        Assert.Equal((rate.Rate, rate.Rate), (drop.p, plain.p));
        Assert.InRange(learned.p, 0.2, 0.4);
    }

    /// <summary>With labels that nothing tells, a network learns its samples by heart, and the rate rises; on plenty of easy ones it does not.</summary>
    [Fact]
    public void Fit_OfNoise_RaisesTheRateAndOfCloudsDoesNot()
    {
        using var noise = new TensorData(randn([120, 20], generator: new Generator(5)), arange(120).remainder(3));
        using var clouds = Models.Clouds(600, 1);
        Assert.InRange(RateOf(noise, 20), 0.25, 0.5);
        Assert.InRange(RateOf(clouds, 4), 0, 0.22);

        static double RateOf(TensorData data, long width)
        {
            manual_seed(3);
            using var rate = new GapMatchedRate(data);
            using var model = nn.Sequential(nn.Linear(width, 128), nn.ReLU(), nn.FastDropout(0.5), nn.Linear(128, 3));
            Trainer.Fit(model, new TrainingData(rate.Batches), new() { Epochs = 60, BatchSize = 24 }, [rate]);
            return rate.Rate;
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(null)]
    public void Batches_HoldOutAFifthOfEachClassInTheSearchAndGiveAllAfterwards(int? batchSize)
    {
        using var scope = NewDisposeScope();
        using var data = new TensorData(arange(100, ScalarType.Float32).unsqueeze(1), arange(100).remainder(5));
        using var rate = new GapMatchedRate(data, 0.2, seed: 4);
        using var batches = rate.Batches.Open(new() { Epochs = 10, BatchSize = batchSize }, null);

        var epochs = Enumerable.Range(0, 10).Select(Rows).ToArray();

        var shown = epochs[0].ToHashSet();
        Assert.Equal(80, shown.Count);
        Assert.Equal(Enumerable.Repeat(16, 5), shown.CountBy(row => row % 5).Select(count => count.Value));
        Assert.All(epochs[..3], rows => Assert.True(rows.Length == 100 && shown.SetEquals(rows)));
        Assert.All(epochs[3..], rows => Assert.Equal(Enumerable.Range(0, 100), rows.Order()));

        int[] Rows(int epoch)
        {
            batches.Begin(epoch);
            return [.. Enumerable.Range(0, batches.Count).SelectMany(step => batches.Take(step).Inputs.data<float>()).Select(row => (int)row)];
        }
    }

    // Twelve steps an epoch, six epochs of search: between two changes, at a change, after the search.
    [Theory]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(31)]
    [InlineData(80)]
    public void Fit_Resumed_GivesTheBitsOfARunWithoutInterruption(int cancelAt)
    {
        var whole = Fit("whole", null);
        Assert.Null(Fit("resumed", cancelAt));
        Assert.Equal(whole, Fit("resumed", null));
    }

    [Fact]
    public void Fit_UsedAgain_StartsAnew()
    {
        using var data = Models.Clouds(96, 1);
        using var rate = new GapMatchedRate(data);
        var (first, second) = (Run(), Run());
        Assert.Equal(first.Weights, second.Weights);
        Assert.Equal(first.Rate, second.Rate);

        (float[] Weights, double Rate) Run()
        {
            manual_seed(7);
            using var model = Models.Mlp(nn.FastDropout(0.4));
            Trainer.Fit(model, new TrainingData(rate.Batches), new() { Epochs = 6, BatchSize = 32 }, [rate]);
            return (Models.Weights(model), rate.Rate);
        }
    }

    [Fact]
    public void Fit_LeavesNoTensorBehind()
    {
        using var data = Models.Clouds(96, 1);
        using var model = Models.Mlp(nn.FastDropout(0.4));
        Run();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Run();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Run()
        {
            using var rate = new GapMatchedRate(data);
            Trainer.Fit(model, new TrainingData(rate.Batches), new() { Epochs = 4, BatchSize = 32 }, [rate]);
        }
    }

    [Fact]
    public void Fit_ThatCannotWork_SaysTheRule()
    {
        using var data = Models.Clouds(96, 1);
        using var rate = new GapMatchedRate(data);
        using var model = Models.Mlp(nn.FastDropout(0.4));
        using var without = Models.Mlp();
        AssertRefused(() => Trainer.Fit(model, new TrainingData(data), new() { Epochs = 4 }, [rate]), "a run with GapMatchedRate must be fitted to its Batches, but is fitted to something else: pass new TrainingData(rate.Batches, …).");
        AssertRefused(() => Trainer.Fit(model, new TrainingData(rate.Batches), new() { Epochs = 1 }, [rate]), "a run with GapMatchedRate must have at least 2 epochs, one to search the rate in and one to train with it, but has 1.");
        AssertRefused(() => Trainer.Fit(without, new TrainingData(rate.Batches), new() { Epochs = 4 }, [rate]), "the model must have a layer whose drop rate can be set, but has none: leave GapMatchedRate out, or implement IDropRate.");
        AssertRefused(() => new GapMatchedRate(data, 1), "share must be in (0, 1), but got 1.");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void AssertRefused(Func<object> act, string message) => Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(act).Message);

    private float[]? Fit(string name, int? cancelAt)
    {
        using var data = Models.Clouds(96, 1);
        manual_seed(7);
        using var rate = new GapMatchedRate(data);
        using var model = Models.Mlp(nn.FastDropout(0.4));
        using var cancellation = new CancellationTokenSource();
        var options = new TrainerOptions { Epochs = 20, BatchSize = 8, ResumeFrom = Path.Combine(folder, name) };
        var recorder = new Recorder { StepEnd = context => { if (context.Iteration == cancelAt) cancellation.Cancel(); } };
        try
        {
            Trainer.Fit(model, new TrainingData(rate.Batches), options, [new ModelCheckpoint(options.ResumeFrom), rate, recorder], cancellation.Token);
            return Models.Weights(model);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
