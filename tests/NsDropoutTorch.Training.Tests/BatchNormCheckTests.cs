using NsDropoutTorch.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class BatchNormCheckTests
{
    private const string Sentence =
        "batch normalisation must get more than one value per channel in training, but a piece of one sample gives '{0}' one; "
        + "set DropLast = true where it is the last batch of an epoch, or choose another BatchSize or MicroBatches.";

    [Fact]
    public void Fit_LastBatchOfOneSample_IsRefusedBeforeTheFirstStepAndChangesNothing()
    {
        using var data = Models.Clouds(129, 1);
        using var model = Models.Mlp(nn.BatchNorm1d(16));
        var before = State(model);
        var recorder = new Recorder();
        var random = get_rng_state().bytes.ToArray();

        Broken.Says(Message("layer"), () => Trainer.Fit(model, data, null, new TrainerOptions(), [recorder]));

        Assert.Empty(recorder.Calls);
        Assert.Equal(before, State(model));
        Assert.Equal(random, get_rng_state().bytes.ToArray());
        Assert.All(model.modules(), module => Assert.True(module.training));
    }

    [Theory]
    [InlineData(129, 128, 1, true)]
    [InlineData(129, 127, 1, false)]
    [InlineData(129, 128, 2, true)]
    [InlineData(64, 16, 5, false)]
    public void Fit_EitherRepair_TrainsToFiniteStatistics(int samples, int batchSize, int microBatches, bool dropLast)
    {
        using var data = Models.Clouds(samples, 1);
        using var norm = nn.BatchNorm1d(16);
        using var model = Models.Mlp(norm);

        Trainer.Fit(model, data, null, new TrainerOptions { Epochs = 2, BatchSize = batchSize, MicroBatches = microBatches, DropLast = dropLast });

        Assert.True(norm.running_var!.isfinite().all().ToBoolean());
        Assert.True(norm.num_batches_tracked!.item<long>() > 0);
    }

    [Theory]
    [InlineData(64, 16, 16, false)]
    [InlineData(64, 33, 32, true)]
    [InlineData(1, 128, 1, false)]
    [InlineData(66, null, 14, false)]
    [InlineData(8, 1, 1, true)]
    public void Fit_PieceOfOneSample_IsRefused(int samples, int? batchSize, int microBatches, bool dropLast)
    {
        using var data = Models.Clouds(samples, 1);
        using var model = Models.Mlp(nn.BatchNorm1d(16));

        Broken.Says(
            Message("layer"),
            () => Trainer.Fit(model, data, null, new TrainerOptions { BatchSize = batchSize, MicroBatches = microBatches, DropLast = dropLast }));
    }

    // What counts are the values per channel: samples times what each brings.
    [Theory]
    [InlineData("1d", new long[] { 3, 4 }, false)]
    [InlineData("1d", new long[] { 3, 1 }, true)]
    [InlineData("2d", new long[] { 3, 2, 2 }, false)]
    [InlineData("2d", new long[] { 3, 1, 1 }, true)]
    [InlineData("3d", new long[] { 3, 1, 2, 1 }, false)]
    [InlineData("3d", new long[] { 3, 1, 1, 1 }, true)]
    public void Fit_PieceOfOneSample_IsRefusedOnlyWhereAChannelGetsOneValue(string norm, long[] sample, bool isRefused)
    {
        using var scope = NewDisposeScope();
        using var data = new TensorData(randn([5, .. sample]), randint(3, [5], dtype: ScalarType.Int64));
        var layer = Norm(norm, trackStatistics: true);
        using var model = nn.Sequential(("norm", layer), ("flat", nn.Flatten()), ("output", nn.Linear(sample.Aggregate((a, b) => a * b), 3)));
        void Fit() => Trainer.Fit(model, data, null, new TrainerOptions { Epochs = 1, BatchSize = 4 });

        if (isRefused)
        {
            Broken.Says(Message("norm"), Fit);
        }
        else
        {
            Fit();
            Assert.True(layer.running_var!.isfinite().all().ToBoolean());
        }
    }

    [Theory]
    [InlineData("1d", new long[] { 3 })]
    [InlineData("2d", new long[] { 3, 1, 1 })]
    public void Fit_NormWithoutRunningStatistics_IsRefusedAsItsOutputWouldNotDependOnTheSample(string norm, long[] sample)
    {
        using var scope = NewDisposeScope();
        using var data = new TensorData(randn([5, .. sample]), randint(3, [5], dtype: ScalarType.Int64));
        using var model = nn.Sequential(("norm", Norm(norm, trackStatistics: false)), ("flat", nn.Flatten()), ("output", nn.Linear(3, 3)));

        Broken.Says(Message("norm"), () => Trainer.Fit(model, data, null, new TrainerOptions { BatchSize = 4 }));
    }

    [Fact]
    public void Fit_NormCalledPastItsHooks_IsRefusedAllTheSame()
    {
        using var data = Models.Clouds(129, 1);
        using var model = new PastHooks();

        Broken.Says(Message("norm"), () => Trainer.Fit(model, data, null, new TrainerOptions()));
    }

    [Fact]
    public void Fit_FrozenNorm_TakesPiecesOfOneSample()
    {
        using var data = Models.Clouds(129, 1);
        using var norm = nn.BatchNorm1d(16);
        using var model = Models.Mlp(norm);
        norm.eval();

        Trainer.Fit(model, data, null, new TrainerOptions { Epochs = 1 });

        Assert.True(norm.running_var!.isfinite().all().ToBoolean());
    }

    [Fact]
    public void Fit_InstanceNorm_TakesPiecesOfOneSample()
    {
        using var scope = NewDisposeScope();
        using var data = new TensorData(randn(5, 3, 4), randint(3, [5], dtype: ScalarType.Int64));
        var norm = nn.InstanceNorm1d(3, track_running_stats: true);
        using var model = nn.Sequential(("norm", norm), ("flat", nn.Flatten()), ("output", nn.Linear(12, 3)));

        Trainer.Fit(model, data, null, new TrainerOptions { Epochs = 1, BatchSize = 4 });

        Assert.True(norm.running_var!.isfinite().all().ToBoolean());
    }

    [Fact]
    public void Fit_SequenceWithABatchOfOneSample_IsRefusedAtThatBatchBeforeItChangesTheModel()
    {
        using var data = Models.Clouds(40, 1);
        using var norm = nn.BatchNorm1d(16);
        using var model = Models.Mlp(norm);
        var source = BatchSource.FromSequence(3, _ => new[] { 16, 23, 1 }.Select(size => (data.Inputs.narrow(0, 0, size), data.Labels.narrow(0, 0, size))));
        var state = "";
        var recorder = new Recorder { StepEnd = context => state = State(context.Model) };

        Broken.Says(Message("layer"), () => Trainer.Fit(model, source, null, new TrainerOptions { Epochs = 1 }, [recorder]));

        Assert.Equal("step 2", recorder.Calls[^1]);
        Assert.Equal(state, State(model));
    }

    [Fact]
    public void Fit_WithTheCheck_GivesTheBitsThatTrainingGivesWithoutIt()
    {
        // Batches of one sample all along: the look at the first of them draws and changes nothing.
        using var scope = NewDisposeScope();
        using var data = new TensorData(randn(6, 3, 2, 2), randint(3, [6], dtype: ScalarType.Int64));
        nn.Module<Tensor, Tensor> Model()
        {
            manual_seed(1);
            return nn.Sequential(("norm", nn.BatchNorm2d(3)), ("flat", nn.Flatten()), ("noise", nn.Dropout(0.5)), ("output", nn.Linear(12, 3)));
        }

        using var checkedModel = Model();
        Trainer.Fit(checkedModel, data, null, new TrainerOptions { Epochs = 1, BatchSize = 1, Optimizer = p => optim.SGD(p, 0.1) });

        using var plain = Model();
        var optimizer = optim.SGD(plain.parameters(), 0.1);
        foreach (var row in Permutation.Of(6, 0, 0))
        {
            optimizer.zero_grad();
            nn.functional.cross_entropy(plain.call(data.Inputs.narrow(0, row, 1)), data.Labels.narrow(0, row, 1)).backward();
            optimizer.step();
        }

        Assert.Equal(State(plain), State(checkedModel));
    }

    [Fact]
    public void Fit_DropLastWithFewerSamplesThanABatch_IsRefused()
    {
        using var data = Models.Clouds(20, 1);
        using var model = Models.Mlp();

        Broken.Says(
            "the fit part must fill at least one batch where DropLast is set, but got 20 samples for batches of 32; choose a smaller BatchSize, or set DropLast = false.",
            () => Trainer.Fit(model, data, null, new TrainerOptions { BatchSize = 32, DropLast = true }));
    }

    private static BatchNorm Norm(string dimensions, bool trackStatistics) => dimensions switch
    {
        "1d" => nn.BatchNorm1d(3, track_running_stats: trackStatistics),
        "2d" => nn.BatchNorm2d(3, track_running_stats: trackStatistics),
        _ => nn.BatchNorm3d(3, track_running_stats: trackStatistics),
    };

    private static string Message(string name) => Sentence.Replace("{0}", name, StringComparison.Ordinal);

    private static string State(nn.Module model) => Checkpoints.Outcome.StateOf(model);

    private sealed class PastHooks : nn.Module<Tensor, Tensor>
    {
        private readonly BatchNorm1d norm = nn.BatchNorm1d(4);
        private readonly Linear output = nn.Linear(4, 3);

        public PastHooks()
            : base(nameof(PastHooks)) => RegisterComponents();

        public override Tensor forward(Tensor input) => output.forward(norm.forward(input));

        protected override void Dispose(bool disposing)
        {
            norm.Dispose();
            output.Dispose();
            base.Dispose(disposing);
        }
    }
}
