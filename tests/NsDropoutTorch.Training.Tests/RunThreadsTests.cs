using NsDropoutTorch.Data;
using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>With how many threads a run computes where torch has three.</summary>
public sealed class RunThreadsTests : IDisposable
{
    private const int OfTorch = 3;

    private readonly int before = get_num_threads();
    private readonly TemporaryFolder folder = new();

    public RunThreadsTests() => set_num_threads(OfTorch);

    public void Dispose()
    {
        set_num_threads(before);
        folder.Dispose();
    }

    // Multiply-adds of the average layer, in millions: rows · outputs · (inputs + 16), and 4 for each weight. Below 8.389 one thread is taken.
    [Theory]
    [InlineData("mlp", 32, 1)] // 1.260
    [InlineData("mlp", 128, 1)] // 4.637
    [InlineData("mlp", 234, 1)] // 8.366
    [InlineData("mlp", 235, OfTorch)] // 8.401
    [InlineData("mlp in double", 128, 1)]
    [InlineData("user's module", 128, 1)]
    [InlineData("user's matrix", 128, 1)]
    [InlineData("normalised", 128, 1)]
    [InlineData("wide and thin", 1500, 1)] // 2, 512 and 3 neurons: 8.100
    [InlineData("wide and thin", 1600, OfTorch)] // 8.640
    [InlineData("places", 16, 1)] // 28 places: 4.681
    [InlineData("places", 32, OfTorch)] // 9.361
    [InlineData("gru", 512, 1)] // 4.200
    [InlineData("convolution", 175, 1)] // 8.349
    [InlineData("convolution", 176, OfTorch)] // 8.397
    [InlineData("words", 2, 1)]
    [InlineData("without weights", 32, OfTorch)]
    public void Fit_TakesOneThreadForSmallProducts(string name, int batch, int expected)
    {
        using var scope = NewDisposeScope();
        var (model, inputs) = SizedModels.Make(name, batch);
        using (model)
        {
            Assert.Equal([expected, expected], Used(callbacks => Trainer.Fit(model, Labelled(inputs), null, Options(batch), callbacks)));
        }
    }

    [Fact]
    public void Fit_Pieces_CountBySizeOfAPiece()
    {
        using var scope = NewDisposeScope();
        using var model = SizedModels.Mlp();
        Assert.Equal([OfTorch, OfTorch], Used(callbacks => Trainer.Fit(model, Images(600), null, Options(300), callbacks)));
        Assert.Equal([1, 1], Used(callbacks => Trainer.Fit(model, Images(600), null, Options(300) with { MicroBatches = 2 }, callbacks)));
    }

    [Fact]
    public void Fit_FullBatch_CountsAllSamples()
    {
        using var scope = NewDisposeScope();
        using var model = SizedModels.Mlp();
        Assert.Equal([1], Used(callbacks => Trainer.Fit(model, Images(200), null, Options(null), callbacks)));
        Assert.Equal([OfTorch], Used(callbacks => Trainer.Fit(model, Images(400), null, Options(null), callbacks)));
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(300, OfTorch)]
    public void Fit_Sequence_CountsItsFirstBatch(int batch, int expected)
    {
        using var scope = NewDisposeScope();
        using var model = SizedModels.Mlp();
        var images = Images(batch);
        var source = BatchSource.FromSequence(2, _ => [(images.Inputs, images.Labels), (images.Inputs[..20], images.Labels[..20])]);

        Assert.Equal([expected, expected], Used(callbacks => Trainer.Fit(model, source, null, Options(null), callbacks)));
    }

    [Fact]
    public void Fit_OwnStep_CountsTheFirstTensorOfABatch()
    {
        using var scope = NewDisposeScope();
        using var model = SizedModels.Mlp();
        var (x, y) = (rand(100, 784), randint(10, 100));
        StepResult Loss(Tensor inputs, Tensor labels) => nn.functional.cross_entropy(model.call(inputs), labels);

        Assert.Equal([1, 1], Used(c => Trainer.Fit(model, BatchSource.FromTensors(x, y), rows => Loss(rows[0], rows[1]), Options(50), callbacks: c)));
        Assert.Equal([1], Used(c => Trainer.Fit(model, BatchSource.FromSequence<(Tensor, Tensor, double)>(1, _ => [(x, y, 0.5)]), batch => Loss(batch.Item1, batch.Item2), Options(50), callbacks: c)));
        Assert.Equal([1], Used(c => Trainer.Fit(model, BatchSource.FromSequence<Tensor>(1, _ => [x]), batch => Loss(batch, y), Options(50), callbacks: c)));
        Assert.Equal([OfTorch], Used(c => Trainer.Fit(model, BatchSource.FromSequence<string>(1, _ => ["all"]), _ => Loss(x, y), Options(50), callbacks: c)));
    }

    [Theory]
    [InlineData("mlp", 2)]
    [InlineData("convolution", 1)]
    public void Fit_AskedForANumber_TakesIt(string name, int threads)
    {
        using var scope = NewDisposeScope();
        var (model, inputs) = SizedModels.Make(name, 32);
        using (model)
        {
            Assert.Equal([threads, threads], Used(callbacks => Trainer.Fit(model, Labelled(inputs), null, Options(32) with { Threads = threads }, callbacks)));
        }

        Assert.Equal(OfTorch, get_num_threads());
    }

    [Fact]
    public void Fit_LeavesOtherThreadsAlone()
    {
        using var scope = NewDisposeScope();
        using var model = SizedModels.Mlp();
        var (newOnes, old) = (new List<int>(), new List<int>());
        using var worker = new OneThread();
        Assert.Equal(OfTorch, NumberOn(worker));

        Trainer.Fit(model, Images(64), null, Options(32), [new Recorder
        {
            StepEnd = _ =>
            {
                old.Add(NumberOn(worker));
                using var fresh = new OneThread();
                newOnes.Add(NumberOn(fresh));
            },
        }]);

        Assert.Equal([OfTorch, OfTorch], old);
        Assert.Equal([OfTorch, OfTorch], newOnes);
        using var later = new OneThread();
        Assert.Equal(OfTorch, NumberOn(later));
    }

    [Fact]
    public void Fit_Throwing_PutsTheNumberBack()
    {
        using var scope = NewDisposeScope();
        using var model = SizedModels.Mlp();
        var callback = new Recorder { StepEnd = _ => throw new TimeoutException() };

        Assert.Throws<TimeoutException>(() => Trainer.Fit(model, Images(64), null, Options(32), [callback]));

        Assert.Equal(OfTorch, get_num_threads());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("nsdropout")]
    [InlineData("fast-dropout")]
    [InlineData("convolution")]
    public void Fit_SmallNetwork_GivesTheSameBitsWithAnyNumberOfThreads(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var (train, validation) = (Images(700), Images(300));
        (float[] Weights, EpochRecord[] History) Run(int torch, int? threads = null)
        {
            set_num_threads(torch);
            using var model = name switch { "none" => SizedModels.Mlp(), "nsdropout" => SizedModels.Mlp(nn.NSDropout(128, 10, 0.3)), "fast-dropout" => SizedModels.Mlp(nn.FastDropout(0.3)), _ => SizedModels.DrawingConvolution() };
            var history = Trainer.Fit(model, new TrainingData(train, validation, validation), Options(96) with { Epochs = 3, Threads = threads }).History;
            return (Models.Weights(model), [.. history.Select(record => record with { Seconds = 0 })]);
        }

        // Told the number, the trainer counts nothing beforehand.
        var expected = Run(1, threads: 1);
        foreach (var torch in new[] { 1, 2, 3, 4 })
        {
            var (weights, history) = Run(torch);
            Assert.Equal(expected.Weights, weights);
            Assert.Equal(expected.History, history);
        }
    }

    // A full batch is too large for one thread, the last one of an epoch alone would not be.
    [Fact]
    public void Fit_ResumedAtASmallerBatch_GoesOnAsItWas()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var train = Images(640);
        var options = Options(300) with { Epochs = 2 };
        using var whole = SizedModels.Mlp();
        using var resumed = SizedModels.Mlp();
        Trainer.Fit(whole, train, null, options);

        var checkpoint = new ModelCheckpoint(folder.Root) { EverySteps = 1 };
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Trainer.Fit(
            resumed, train, null, options, [checkpoint, new Recorder { StepEnd = context => { if (context.Iteration == 2) cancel.Cancel(); } }], null, cancel.Token));
        Assert.Equal([OfTorch, OfTorch, OfTorch, OfTorch], Used(callbacks => Trainer.Fit(resumed, train, null, options with { ResumeFrom = folder.Root }, callbacks)));

        Assert.Equal(Models.Weights(whole), Models.Weights(resumed));
    }

    private static TrainerOptions Options(int? batch) => new() { Epochs = 1, BatchSize = batch };

    private static TensorData Images(int count) => Labelled(rand(count, 784));

    private static TensorData Labelled(Tensor inputs) => new(inputs, randint(3, inputs.size(0)));

    /// <summary>The number at the end of every step.</summary>
    private static List<int> Used(Action<IReadOnlyList<Callback>> fit)
    {
        var used = new List<int>();
        fit([new Recorder { StepEnd = _ => used.Add(get_num_threads()) }]);
        return used;
    }

    private static int NumberOn(OneThread thread)
    {
        var number = 0;
        thread.Start(() =>
        {
            number = get_num_threads();
            return Task.CompletedTask;
        }).GetAwaiter().GetResult();
        return number;
    }
}
