using NsDropoutTorch.Data;
using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>Data sets of TorchSharp's, with samples by name, as those of TorchVision are.</summary>
public sealed class DatasetSourceTests : IDisposable
{
    private static readonly TrainerOptions Options = new() { Epochs = 3, BatchSize = 16, Seed = 5, DropLast = false };
    private readonly TensorData data = Models.Clouds(50, 1);

    public void Dispose() => data.Dispose();

    [Theory]
    [InlineData(16, false)]
    [InlineData(16, true)]
    [InlineData(null, false)]
    public void Fit_Dataset_GivesTheBitsOfTheSameTensors(int? batchSize, bool dropLast)
    {
        var options = Options with { BatchSize = batchSize, DropLast = dropLast };
        using var rows = new Rows(data);
        // A layer that draws, to see that taking samples leaves its numbers alone.
        using var model = Models.Mlp(nn.Dropout(0.5));
        var expected = Trainer.Fit(model, data, data, options).History;
        using var same = Models.Mlp(nn.Dropout(0.5));

        var history = Trainer.Fit(same, Source(rows), Source(rows), options).History;

        Assert.Equal(Models.Weights(model), Models.Weights(same));
        Assert.Equal(expected.Select(record => record with { Seconds = 0 }), history.Select(record => record with { Seconds = 0 }));
    }

    [Fact]
    public void Fit_DatasetThatDraws_TakesNoNumberFromTheModel()
    {
        using var still = new Rows(data);
        using var drawing = new Rows(data) { Change = row => row + (0 * randn(row.shape)) };
        Assert.Equal(Fit(still), Fit(drawing));
    }

    [Fact]
    public void Fit_DatasetThatDraws_RepeatsWithItsSeedAlone()
    {
        using var noisy = new Rows(data) { Change = row => row + randn(row.shape) };
        var first = Fit(noisy);

        Assert.Equal(first, Fit(noisy));
        Assert.NotEqual(first, Fit(noisy, Options with { Seed = 6 }));
    }

    [Fact]
    public void Take_DatasetThatDraws_DrawsAnewForEachSampleBatchAndEpoch()
    {
        using var noise = new Rows(data) { Change = _ => rand(1) };
        using var batches = Source(noise).Open(Options, null);
        using var scope = NewDisposeScope();
        var drawn = new List<float>();
        for (var epoch = 0; epoch < 3; epoch++)
        {
            batches.Begin(epoch);
            for (var step = 0; step < batches.Count; step++) drawn.AddRange(batches.Take(step).Inputs.data<float>().ToArray());
        }

        Assert.Equal(150, drawn.Distinct().Count());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public void Fit_DatasetThatDraws_ResumesToTheSameBits(int iteration)
    {
        using var folder = new TemporaryFolder();
        using var noisy = new Rows(data) { Change = row => row + randn(row.shape) };
        var whole = Fit(noisy);
        var options = Options with { ResumeFrom = folder.Root };
        // Breaks down one step later, before the checkpoint of that step.
        var breakdown = new Recorder { StepEnd = context => { if (context.Iteration == iteration + 1) throw new InvalidDataException("from the callback"); } };
        Assert.Throws<InvalidDataException>(() => Fit(noisy, options, new ModelCheckpoint(folder.Root) { EverySteps = 1 }, breakdown));
        long? resumedAfter = null;

        Assert.Equal(whole, Fit(noisy, options, new Recorder { StepEnd = context => resumedAfter ??= context.Iteration - 1 }));
        Assert.Equal(iteration, resumedAfter);
    }

    [Fact]
    public void Fit_Dataset_HoldsOneBatchAndLeavesNothing()
    {
        using var noisy = new Rows(data) { Change = row => row.clone() };
        using var model = Models.Mlp();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var counts = new List<long>();

        Trainer.Fit(model, Source(noisy), Source(noisy), Options with { Epochs = 4 }, [new Recorder { StepEnd = _ => counts.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount) }]);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(16, counts.Count);
        Assert.Single(counts[4..].Distinct());
        noisy.AssertIsAlive();
    }

    [Fact]
    public void Fit_LoaderOfNamedTensors_HoldsOneBatchAndLeavesNothing()
    {
        using var rows = new Rows(data);
        using var loader = utils.data.DataLoader(rows, 16, shuffle: true, seed: 1, disposeDataset: false);
        using var model = Models.Mlp();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var counts = new List<long>();

        Trainer.Fit(
            model, BatchSource.FromLoader(loader, "data", "label"), null, Options with { Epochs = 4 },
            [new Recorder { StepEnd = _ => counts.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount) }]);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(16, counts.Count);
        Assert.Single(counts[4..].Distinct());
        rows.AssertIsAlive();
    }

    [Fact]
    public void Fit_LoaderInTheTrainersOrder_GivesTheBitsOfTheDataset()
    {
        using var rows = new Rows(data);
        using var model = Models.Mlp();
        var source = BatchSource.FromSequence(4, epoch => utils.data.DataLoader(rows, 16, Permutation.Of(50, Options.Seed, epoch), disposeDataset: false)
            .Select(batch => (batch["data"], batch["label"])));

        Trainer.Fit(model, source, null, Options);

        Assert.Equal(Fit(rows, Options, layer: null), Models.Weights(model));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(null)]
    public void Take_InOrder_HasEverySampleOnce(int? size)
    {
        using var rows = new Rows(data);
        using var batches = Source(rows).OpenInOrder(Options with { EvaluationBatchSize = size, PieceBytes = 12 * 4 * sizeof(float) }, null);
        using var scope = NewDisposeScope();
        batches.Begin(0);

        var labels = Enumerable.Range(0, batches.Count).Select(step => batches.Take(step).Labels.data<long>().ToArray()).ToList();

        Assert.Equal(data.Labels.data<long>().ToArray(), labels.SelectMany(piece => piece));
        Assert.Equal(size ?? 12, labels[0].Length);
    }

    [Fact]
    public void Fit_DatasetThatThrows_PassesItOnAndLeavesNothing()
    {
        using var broken = new Rows(data) { Change = row => data.Inputs.ndim == 2 ? throw new InvalidDataException($"no image in {rand(1)}") : row };
        using var model = Models.Mlp();
        manual_seed(3);
        using var before = get_rng_state();
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Assert.Throws<InvalidDataException>(() => Trainer.Fit(model, Source(broken), null, Options));

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        using var after = get_rng_state();
        Assert.True(before.Equals(after));
    }

    [Fact]
    public void Fit_NameThatNoSampleHas_NamesThoseThatItHas()
    {
        using var rows = new Rows(data);
        using var model = Models.Mlp();
        using var loader = utils.data.DataLoader(rows, 16, disposeDataset: false);
        const string Sentence = "a sample must have the tensor that was named 'image', but has data, label; name one of these.";

        Broken.Says(Sentence, () => Trainer.Fit(model, BatchSource.FromDataset(rows, "image", "label"), null, Options));
        Broken.Says(Sentence, () => Trainer.Fit(model, BatchSource.FromLoader(loader, "image", "label"), null, Options));
    }

    [Fact]
    public void Fit_EmptyDataset_SaysTheRule()
    {
        using var none = new TensorData(zeros(0, 4), zeros(0, ScalarType.Int64));
        using var rows = new Rows(none);
        using var model = Models.Mlp();
        Broken.Says("a data set must hold at least one sample, but got 0.", () => Trainer.Fit(model, Source(rows), null, Options));
    }

    private static BatchSource Source(utils.data.Dataset dataset) => BatchSource.FromDataset(dataset, "data", "label");

    private static float[] Fit(utils.data.Dataset dataset, TrainerOptions? options = null, params Callback[] callbacks) => Fit(dataset, options ?? Options, nn.Dropout(0.5), callbacks);

    private static float[] Fit(utils.data.Dataset dataset, TrainerOptions options, nn.Module<Tensor, Tensor>? layer, params Callback[] callbacks)
    {
        using var model = Models.Mlp(layer);
        Trainer.Fit(model, Source(dataset), null, options, callbacks);
        return Models.Weights(model);
    }

    /// <summary>The rows of <paramref name="data"/> as TorchVision gives them: the labels are the data set's own tensors, the inputs are made for each sample.</summary>
    private sealed class Rows : utils.data.Dataset
    {
        private readonly Tensor[] inputs;
        private readonly Tensor[] labels;

        public Rows(TensorData data)
        {
            (inputs, labels) = ([.. data.Inputs.unbind()], [.. data.Labels.unbind()]);
        }

        public Func<Tensor, Tensor> Change { get; init; } = row => row;

        public override long Count => labels.Length;

        public override Dictionary<string, Tensor> GetTensor(long index) => new(StringComparer.Ordinal) { ["data"] = Change(inputs[index]), ["label"] = labels[index] };

        public void AssertIsAlive() => Assert.DoesNotContain(inputs.Concat(labels), tensor => tensor.IsInvalid);

        protected override void Dispose(bool disposing)
        {
            foreach (var tensor in inputs.Concat(labels)) tensor.Dispose();
            base.Dispose(disposing);
        }
    }
}
