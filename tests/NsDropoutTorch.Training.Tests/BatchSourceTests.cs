using NsDropoutTorch.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class BatchSourceTests
{
    private static readonly TrainerOptions Options = new() { Epochs = 3, BatchSize = 32, Seed = 5 };

    [Fact]
    public void Fit_SequenceOfTheSameBatches_GivesTheSameBits()
    {
        using var data = Models.Clouds(100, 1);
        using var model = Models.Mlp();
        using var same = Models.Mlp();

        var history = Trainer.Fit(model, new TrainingData(data), Options).History;
        var historyOfSequence = Trainer.Fit(same, new TrainingData(BatchSource.FromSequence(4, epoch => Shuffled(data, epoch))), Options).History;

        Assert.Equal(Models.Weights(model), Models.Weights(same));
        Assert.Equal(history.Select(record => record with { Seconds = 0 }), historyOfSequence.Select(record => record with { Seconds = 0 }));
    }

    [Fact]
    public void Fit_TorchSharpLoader_GivesTheBitsOfItsBatches()
    {
        using var data = Models.Clouds(50, 1);
        using var model = Models.Mlp();
        using var same = Models.Mlp();
        using var set = torch.utils.data.TensorDataset(data.Inputs.alias(), data.Labels.alias());
        using var loader = torch.utils.data.DataLoader(set, 16, shuffle: false, disposeDataset: false);

        Trainer.Fit(model, new TrainingData(BatchSource.FromLoader(loader, batch => (batch[0], batch[1].flatten()))), Options);

        Trainer.Fit(same, new TrainingData(BatchSource.FromSequence(4, _ => InOrder(data, 16))), Options);
        Assert.Equal(Models.Weights(same), Models.Weights(model));
    }

    [Fact]
    public void Fit_EndlessSequence_TakesAsManyBatchesAsAnEpochHas()
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();
        var (taken, ended) = (0, 0);
        IEnumerable<(Tensor, Tensor)> Endless()
        {
            try
            {
                while (true)
                {
                    taken++;
                    yield return (data.Inputs, data.Labels);
                }
            }
            finally
            {
                ended++;
            }
        }

        Trainer.Fit(model, BatchSource.FromSequence(7, _ => Endless()), null, Options);

        Assert.Equal((21, 3), (taken, ended));
    }

    [Fact]
    public void Fit_SequenceThatMakesItsTensors_KeepsTheCountOfLiveTensors()
    {
        using var data = Models.Clouds(100, 1);
        using var model = Models.Mlp();
        var counts = new List<long>();

        var source = BatchSource.FromSequence(4, epoch => Shuffled(data, epoch));
        Trainer.Fit(
            model, new TrainingData(source), Options with { Epochs = 20 },
            [new Recorder { EpochEnd = (_, _) => counts.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount) }]);

        Assert.Equal(counts[1], counts[^1]);
    }

    [Fact]
    public void Take_LaterStep_SkipsThoseBefore()
    {
        using var data = Models.Clouds(100, 1);
        using var scope = NewDisposeScope();
        using var batches = BatchSource.FromSequence(4, epoch => Shuffled(data, epoch)).Open(Options, null);

        batches.Begin(1);
        var batch = batches.Take(2);

        Assert.Equal(Shuffled(data, 1).ElementAt(2).Labels.data<long>().ToArray(), batch.Labels.data<long>().ToArray());
        Assert.Equal(4, batches.Take(3).Labels.size(0));
    }

    [Fact]
    public void Fit_SequenceTooShort_SaysWhichEpoch()
    {
        using var data = Models.Clouds(100, 1);
        using var model = Models.Mlp();
        var source = BatchSource.FromSequence(4, epoch => Shuffled(data, epoch).Take(epoch == 0 ? 4 : 3));

        Broken.Says(
            "a sequence must have 4 batches in every epoch, but got 3 in epoch 2.", () => Trainer.Fit(model, new TrainingData(source), Options));
    }

    [Fact]
    public void Fit_BatchOfUnequalCounts_SaysTheRule()
    {
        using var data = Models.Clouds(8, 1);
        using var model = Models.Mlp();
        var source = BatchSource.FromSequence(1, _ => [(data.Inputs, data.Labels.narrow(0, 0, 5))]);

        Broken.Says(
            "a batch must hold at least one sample and as many labels as inputs, but got inputs of shape [8,4] and labels of shape [5].",
            () => Trainer.Fit(model, new TrainingData(source), Options));
    }

    [Fact]
    public void FromSequence_NoBatches_SaysTheRule() =>
        Broken.Says("batches per epoch must be at least 1, but got 0.", () => BatchSource.FromSequence(0, _ => []));

    [Fact]
    public void On_SameDevice_IsTheTensorItself()
    {
        using var tensor = zeros(3L);
        using var model = Models.Mlp();

        Assert.Same(tensor, tensor.On(Devices.Of(model)));
        Assert.Same(tensor, tensor.On(null));
    }

    [Fact]
    public void Of_ModelWithoutParameters_IsNowhere() => Assert.Null(Devices.Of(nn.ReLU()));

    [Fact]
    public void Take_DataElsewhereThanTheModel_BringsEachBatchThere()
    {
        using var data = Models.Clouds(10, 1);
        using var scope = NewDisposeScope();
        var meta = torch.device(DeviceType.META);

        foreach (var batches in new IEpochBatches<(Tensor Inputs, Tensor Labels)>[]
            { EpochBatches.Of(data, 4, 1, meta), EpochBatches.Of(data, null, 1, meta), BatchSource.FromSequence(1, _ => InOrder(data, 4)).Open(Options, meta) })
        {
            batches.Begin(0);
            var batch = batches.Take(0);
            Assert.Equal((DeviceType.META, DeviceType.META), (batch.Inputs.device_type, batch.Labels.device_type));
            Assert.Equal(batch.Labels.size(0), batch.Inputs.shape[0]);
        }
    }

    private static IEnumerable<(Tensor Inputs, Tensor Labels)> Shuffled(TensorData data, int epoch)
    {
        foreach (var rows in Permutation.Of(100, Options.Seed, epoch).Chunk(32))
        {
            using var index = tensor(rows);
            yield return (data.Inputs.index_select(0, index), data.Labels.index_select(0, index));
        }
    }

    private static IEnumerable<(Tensor Inputs, Tensor Labels)> InOrder(TensorData data, long size)
    {
        foreach (var (start, length) in Chunks.Of(data.Count, size))
        {
            yield return (data.Inputs.narrow(0, start, length), data.Labels.narrow(0, start, length));
        }
    }
}
