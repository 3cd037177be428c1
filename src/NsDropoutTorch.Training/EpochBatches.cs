using NsDropoutTorch.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>The batches of a run, epoch by epoch.</summary>
/// <typeparam name="TBatch">A batch.</typeparam>
internal interface IEpochBatches<out TBatch> : IDisposable
{
    /// <summary>Batches in each epoch.</summary>
    int Count { get; }

    /// <summary>Sizes of the coming batches, as far as they are known.</summary>
    IEnumerable<long> KnownSizes => [];

    /// <summary>Prepares an epoch; what that takes lives as long as the caller's dispose scope.</summary>
    void Begin(int epoch);

    /// <summary>Batch <paramref name="step"/> of the epoch begun last; steps only go up.</summary>
    TBatch Take(int step);
}

/// <summary>
/// Which samples are in each batch of an epoch. The order depends on seed and epoch alone, never on earlier draws,
/// so a resumed run takes the same batches as one never interrupted.
/// </summary>
internal sealed class EpochOrder
{
    private readonly long samples;
    private readonly long seed;
    private readonly long size;

    public EpochOrder(long samples, int? batchSize, long seed, bool dropLast)
    {
        if (dropLast && batchSize > samples)
        {
            throw Require.Broken(Invariant(
                $"the fit part must fill at least one batch where DropLast is set, but got {samples} samples for batches of {batchSize}; choose a smaller BatchSize, or set DropLast = false."));
        }

        (this.samples, this.seed, size) = (samples, seed, Math.Min(batchSize ?? samples, samples));
        Count = (int)(dropLast ? samples / size : (samples + size - 1) / size);
        IsFullBatch = batchSize is null;
        Rows = IsFullBatch ? [] : new long[samples];
    }

    public int Count { get; }

    /// <summary>Whether a batch is all samples, in their own order.</summary>
    public bool IsFullBatch { get; }

    /// <summary>The order of the epoch begun last; empty for a full batch.</summary>
    public long[] Rows { get; }

    public IEnumerable<long> Sizes => [size, Piece(Count - 1).Length];

    public void Begin(int epoch) => Permutation.Fill(Rows, seed, epoch);

    /// <summary>Where the rows of a batch are in <see cref="Rows"/>.</summary>
    public (long Start, long Length) Piece(int step) => (step * size, Math.Min(size, samples - (step * size)));
}

/// <summary>The batches of each epoch, as rows of tensors.</summary>
/// <typeparam name="TBatch">What the rows of a batch are packed into.</typeparam>
internal sealed class EpochBatches<TBatch>(Tensor[] tensors, Func<Tensor[], TBatch> pack, int? batchSize, long seed, Device? device = null, bool dropLast = false) : IEpochBatches<TBatch>
{
    private readonly EpochOrder hostOrder = new(tensors[0].shape[0], batchSize, seed, dropLast);
    private Tensor? order;

    public long SampleCount { get; } = tensors[0].shape[0];

    public int Count => hostOrder.Count;

    public IEnumerable<long> KnownSizes => hostOrder.Sizes;

    /// <summary>Puts the order of <paramref name="epoch"/> onto the device of the data; it lives as long as the caller's dispose scope.</summary>
    public void Begin(int epoch)
    {
        if (hostOrder.IsFullBatch)
        {
            return;
        }

        hostOrder.Begin(epoch);
        order = torch.tensor(hostOrder.Rows, device: tensors[0].device);
    }

    /// <summary>Batch <paramref name="step"/> of the epoch begun last, on the model's device.</summary>
    public TBatch Take(int step)
    {
        var (start, length) = hostOrder.Piece(step);
        using var rows = hostOrder.IsFullBatch ? null : order!.narrow(0, start, length);
        var batch = new Tensor[tensors.Length];
        for (var i = 0; i < batch.Length; i++)
            batch[i] = (rows is null ? tensors[i] : tensors[i].index_select(0, rows)).On(device);
        return pack(batch);
    }

    public void Dispose()
    {
    }
}

/// <summary>Batches of inputs and labels.</summary>
internal static class EpochBatches
{
    public static EpochBatches<(Tensor Inputs, Tensor Labels)> Of(TensorData data, int? batchSize, long seed, Device? device = null, bool dropLast = false) =>
        new([data.Inputs, data.Labels], Pair, batchSize, seed, device, dropLast);

    public static (Tensor Inputs, Tensor Labels) Pair(Tensor[] rows) => (rows[0], rows[1]);

    public static (Tensor Inputs, Tensor Labels) On(this (Tensor Inputs, Tensor Labels) batch, Device? device) => (batch.Inputs.On(device), batch.Labels.On(device));
}

/// <summary>All samples in order, in pieces of bounded size, to measure on.</summary>
/// <typeparam name="TBatch">What the rows of a piece are packed into.</typeparam>
internal sealed class OrderedBatches<TBatch>(Tensor[] tensors, Func<Tensor[], TBatch> pack, TrainerOptions options, Device? device) : IEpochBatches<TBatch>
{
    private readonly (long Start, long Length)[] pieces = [.. Chunks.Of(
        tensors[0].size(0), options.EvaluationBatchSize ?? EvaluationLoop.RowsPerPiece(tensors[0].numel() / tensors[0].size(0) * tensors[0].element_size(), options.PieceBytes))];

    public int Count => pieces.Length;

    public void Begin(int epoch)
    {
    }

    public TBatch Take(int step)
    {
        var (start, length) = pieces[step];
        return pack(Array.ConvertAll(tensors, tensor => tensor.narrow(0, start, length).On(device)));
    }

    public void Dispose()
    {
    }
}

/// <summary>Takes the batches of a user's sequence.</summary>
/// <typeparam name="TBatch">A batch.</typeparam>
internal sealed class SequenceBatches<TBatch>(int count, Func<int, IEnumerable<TBatch>> epochs, Func<TBatch, TBatch> prepare) : IEpochBatches<TBatch>
{
    private IEnumerator<TBatch>? sequence;
    private int current;
    private int next;

    public int Count => count;

    public void Begin(int epoch)
    {
        Dispose();
        sequence = epochs(epoch).GetEnumerator();
        (current, next) = (epoch, 0);
    }

    public TBatch Take(int step)
    {
        while (next < step)
        {
            using var skipped = torch.NewDisposeScope();
            Next();
        }

        return prepare(Next());
    }

    public void Dispose()
    {
        sequence?.Dispose();
        sequence = null;
    }

    private TBatch Next()
    {
        if (!sequence!.MoveNext())
        {
            throw Require.Broken(Invariant($"a sequence must have {count} batches in every epoch, but got {next} in epoch {current + 1}."));
        }

        next++;
        return sequence.Current;
    }
}

/// <summary>Checks a batch of a user's sequence.</summary>
internal static class SequenceBatch
{
    public static (Tensor Inputs, Tensor Labels) Checked((Tensor Inputs, Tensor Labels) batch)
    {
        var (inputs, labels) = (batch.Inputs.shape, batch.Labels.shape);
        return inputs.Length > 0 && labels.Length > 0 && inputs[0] == labels[0] && inputs[0] > 0
            ? batch
            : throw Require.Broken(
                "a batch must hold at least one sample and as many labels as inputs, " +
                $"but got inputs of shape [{string.Join(',', inputs)}] and labels of shape [{string.Join(',', labels)}].");
    }
}

/// <summary>Start and length of consecutive parts of a number of samples.</summary>
internal static class Chunks
{
    /// <summary>Parts of <paramref name="size"/> samples, the last of which may be smaller.</summary>
    public static IEnumerable<(long Start, long Length)> Of(long count, long size)
    {
        for (var start = 0L; start < count; start += size)
        {
            yield return (start, Math.Min(size, count - start));
        }
    }

    /// <summary>The numbers of the samples of such a part.</summary>
    public static IEnumerable<long> Numbers(long start, long length)
    {
        for (var i = start; i < start + length; i++)
        {
            yield return i;
        }
    }

    /// <summary>At most <paramref name="parts"/> parts of equal size, the last of which may be smaller.</summary>
    public static IEnumerable<(long Start, long Length)> Into(int parts, long count) => Of(count, (count + parts - 1) / parts);
}
