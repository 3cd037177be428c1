using NsDropoutTorch.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>Batches of a data set of TorchSharp's, in the order of seed and epoch.</summary>
internal sealed class DatasetBatches(DatasetSamples samples, TrainerOptions options, Device? device) : IEpochBatches<(Tensor Inputs, Tensor Labels)>
{
    private readonly EpochOrder order = new(samples.Count, options.BatchSize, options.Seed, options.DropLast);
    private int current;

    public int Count => order.Count;

    public IEnumerable<long> KnownSizes => order.Sizes;

    public void Begin(int epoch)
    {
        order.Begin(epoch);
        current = epoch;
    }

    public (Tensor Inputs, Tensor Labels) Take(int step)
    {
        var (start, length) = order.Piece(step);
        var rows = order.IsFullBatch ? Chunks.Numbers(start, length) : order.Rows.Skip((int)start).Take((int)length);
        var ofEpoch = new SeededRandom(options.Seed, current).NextUInt64();
        return samples.Take(rows, new SeededRandom((long)ofEpoch, step).NextUInt64()).On(device);
    }

    public void Dispose()
    {
    }
}

/// <summary>All samples of a data set in order, in pieces of bounded size, to measure on.</summary>
internal sealed class OrderedDatasetBatches : IEpochBatches<(Tensor Inputs, Tensor Labels)>
{
    private readonly DatasetSamples samples;
    private readonly Device? device;
    private readonly (long Start, long Length)[] pieces;

    public OrderedDatasetBatches(DatasetSamples samples, TrainerOptions options, Device? device)
    {
        (this.samples, this.device) = (samples, device);
        pieces = [.. Chunks.Of(samples.Count, options.EvaluationBatchSize ?? EvaluationLoop.RowsPerPiece(samples.BytesOfOne(), options.PieceBytes))];
    }

    public int Count => pieces.Length;

    public void Begin(int epoch)
    {
    }

    public (Tensor Inputs, Tensor Labels) Take(int step) => samples.Take(Chunks.Numbers(pieces[step].Start, pieces[step].Length), (ulong)step).On(device);

    public void Dispose()
    {
    }
}

/// <summary>Samples of a data set of TorchSharp's as inputs and labels.</summary>
internal sealed class DatasetSamples
{
    private readonly utils.data.Dataset dataset;
    private readonly string inputs;
    private readonly string labels;

    public DatasetSamples(utils.data.Dataset dataset, string inputs, string labels)
    {
        (this.dataset, this.inputs, this.labels, Count) = (dataset, inputs, labels, dataset.Count);
        if (Count < 1)
        {
            throw Require.Broken(Invariant($"a data set must hold at least one sample, but got {Count}."));
        }
    }

    public long Count { get; }

    /// <summary>The samples of these numbers; what the data set draws comes from <paramref name="seed"/>.</summary>
    public (Tensor Inputs, Tensor Labels) Take(IEnumerable<long> rows, ulong seed)
    {
        using var scope = NewDisposeScope();
        var taken = WithSeed(seed, () => rows.Select(dataset.GetTensor).ToArray());
        var pair = (Stack(taken, inputs), Stack(taken, labels));
        return (pair.Item1.MoveToOuterDisposeScope(), pair.Item2.MoveToOuterDisposeScope());
    }

    public long BytesOfOne()
    {
        using var scope = NewDisposeScope();
        var sample = WithSeed(0, () => NamedTensors.Of(dataset.GetTensor(0), inputs));
        return sample.numel() * sample.element_size();
    }

    private static Tensor Stack(Dictionary<string, Tensor>[] samples, string name) => stack(Array.ConvertAll(samples, sample => NamedTensors.Of(sample, name)));

    // The generators of other devices are left alone, and that of the CPU goes on as if nothing had been drawn: a resumed run, which skips batches, draws the same for its model.
    private static T WithSeed<T>(ulong seed, Func<T> draw)
    {
        using var before = get_rng_state();
        using var generator = new Generator(seed, CPU);
        using var seeded = generator.get_state();
        set_rng_state(seeded);
        try
        {
            return draw();
        }
        finally
        {
            set_rng_state(before);
        }
    }
}

/// <summary>The tensors of a sample or batch, by name.</summary>
internal static class NamedTensors
{
    public static Tensor Of(Dictionary<string, Tensor> tensors, string name) => tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw Require.Broken($"a sample must have the tensor that was named '{name}', but has {string.Join(", ", tensors.Keys.Order(StringComparer.Ordinal))}; name one of these.");
}
