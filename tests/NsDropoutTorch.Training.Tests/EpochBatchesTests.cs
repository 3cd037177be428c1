using NsDropoutTorch.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class EpochBatchesTests
{
    [Theory]
    [InlineData(10, 3, 4)]
    [InlineData(10, 5, 2)]
    [InlineData(10, 100, 1)]
    [InlineData(1, 1, 1)]
    public void Take_OverAnEpoch_VisitsEverySampleOnceWithItsLabel(int count, int size, int expectedBatches)
    {
        using var data = Numbered(count);
        var batches = EpochBatches.Of(data, size, seed: 7);

        var seen = Epoch(batches, 0);

        Assert.Equal(expectedBatches, batches.Count);
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), seen.Order());
    }

    [Theory]
    [InlineData(10, 3, 3)]
    [InlineData(10, 5, 2)]
    [InlineData(10, 10, 1)]
    public void Take_DropLast_VisitsWholeBatchesAlone(int count, int size, int expectedBatches)
    {
        using var data = Numbered(count);
        var batches = EpochBatches.Of(data, size, seed: 7, dropLast: true);

        var (first, second) = (Epoch(batches, 0), Epoch(batches, 1));

        Assert.Equal(expectedBatches, batches.Count);
        Assert.Equal(size * expectedBatches, first.Distinct().Count());
        Assert.Equal(EpochBatches.Of(data, size, seed: 7) is var whole ? Epoch(whole, 0).Take(size * expectedBatches) : [], first);
        Assert.Equal(count == size * expectedBatches, first.Order().SequenceEqual(second.Order()));
    }

    [Fact]
    public void Begin_NextEpoch_ChangesTheOrder()
    {
        using var data = Numbered(100);
        var batches = EpochBatches.Of(data, 10, seed: 7);

        Assert.NotEqual(Epoch(batches, 0), Epoch(batches, 1));
    }

    [Fact]
    public void Begin_OnlyThatEpoch_GivesTheOrderItHasAfterAllOthers()
    {
        using var data = Numbered(100);
        var whole = EpochBatches.Of(data, 10, seed: 7);
        var resumed = EpochBatches.Of(data, 10, seed: 7);
        for (var epoch = 0; epoch < 5; epoch++)
        {
            _ = Epoch(whole, epoch);
        }

        Assert.Equal(Epoch(whole, 5), Epoch(resumed, 5));
    }

    [Fact]
    public void Take_FullBatch_HandsOutTheDataItself()
    {
        using var data = Numbered(10);
        var batches = EpochBatches.Of(data, batchSize: null, seed: 7);

        batches.Begin(3);
        var batch = batches.Take(0);

        Assert.Same(data.Inputs, batch.Inputs);
        Assert.Same(data.Labels, batch.Labels);
        Assert.Equal(1, batches.Count);
    }

    private static TensorData Numbered(int count) => new(arange(count, dtype: ScalarType.Float32).reshape(count, 1), arange(count, dtype: ScalarType.Int64));

    private static long[] Epoch(EpochBatches<(Tensor Inputs, Tensor Labels)> batches, int epoch)
    {
        using var scope = NewDisposeScope();
        batches.Begin(epoch);
        var seen = new List<long>();
        for (var step = 0; step < batches.Count; step++)
        {
            var (inputs, labels) = batches.Take(step);
            Assert.Equal(labels.data<long>().ToArray(), inputs.data<float>().ToArray().Select(x => (long)x));
            seen.AddRange(labels.data<long>().ToArray());
        }

        return [.. seen];
    }
}
