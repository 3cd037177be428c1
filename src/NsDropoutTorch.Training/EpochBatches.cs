using NsDropoutTorch.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// The batches of each epoch. The order depends on seed and epoch alone, never on earlier draws,
/// so a resumed run takes the same batches as one never interrupted.
/// </summary>
internal sealed class EpochBatches : IEpochBatches
{
    private readonly TensorData data;
    private readonly long seed;
    private readonly Device? device;
    private readonly long size;
    private readonly long[] hostOrder;
    private Tensor? order;

    public EpochBatches(TensorData data, int? batchSize, long seed, Device? device = null, bool dropLast = false)
    {
        this.data = data;
        this.seed = seed;
        this.device = device;
        SampleCount = data.Labels.shape[0];
        if (dropLast && batchSize > SampleCount)
        {
            throw Require.Broken(Invariant(
                $"the fit part must fill at least one batch where DropLast is set, but got {SampleCount} samples for batches of {batchSize}; choose a smaller BatchSize, or set DropLast = false."));
        }

        size = Math.Min(batchSize ?? SampleCount, SampleCount);
        Count = (int)(dropLast ? SampleCount / size : (SampleCount + size - 1) / size);
        IsFullBatch = batchSize is null;
        hostOrder = IsFullBatch ? [] : new long[SampleCount];
    }

    public long SampleCount { get; }

    public int Count { get; }

    public IEnumerable<long> KnownSizes => [size, Math.Min(size, SampleCount - ((Count - 1) * size))];

    private bool IsFullBatch { get; }

    /// <summary>Puts the order of <paramref name="epoch"/> onto the device of the data; it lives as long as the caller's dispose scope.</summary>
    public void Begin(int epoch)
    {
        if (IsFullBatch)
        {
            return;
        }

        Permutation.Fill(hostOrder, seed, epoch);
        order = torch.tensor(hostOrder, device: data.Inputs.device);
    }

    /// <summary>Batch <paramref name="step"/> of the epoch begun last.</summary>
    public Batch Take(int step)
    {
        if (IsFullBatch)
        {
            return new Batch(data.Inputs, data.Labels).On(device);
        }

        var start = step * size;
        var rows = order!.narrow(0, start, Math.Min(size, SampleCount - start));
        return new Batch(data.Inputs.index_select(0, rows), data.Labels.index_select(0, rows)).On(device);
    }

    public void Dispose()
    {
    }
}

/// <summary>Takes the batches of a user's sequence.</summary>
internal sealed class SequenceBatches(int count, Func<int, IEnumerable<(Tensor Inputs, Tensor Labels)>> epochs, Device? device) : IEpochBatches
{
    private IEnumerator<(Tensor Inputs, Tensor Labels)>? sequence;
    private int current;
    private int next;

    public int Count => count;

    public IEnumerable<long> KnownSizes => [];

    public void Begin(int epoch)
    {
        Dispose();
        sequence = epochs(epoch).GetEnumerator();
        (current, next) = (epoch, 0);
    }

    public Batch Take(int step)
    {
        while (next < step)
        {
            using var skipped = torch.NewDisposeScope();
            Next();
        }

        return Next().On(device);
    }

    public void Dispose()
    {
        sequence?.Dispose();
        sequence = null;
    }

    private Batch Next()
    {
        if (!sequence!.MoveNext())
        {
            throw Require.Broken(Invariant($"a sequence must have {count} batches in every epoch, but got {next} in epoch {current + 1}."));
        }

        next++;
        return SequenceBatch.Checked(sequence.Current);
    }
}

/// <summary>Checks a batch of a user's sequence.</summary>
internal static class SequenceBatch
{
    public static Batch Checked((Tensor Inputs, Tensor Labels) batch)
    {
        var (inputs, labels) = (batch.Inputs.shape, batch.Labels.shape);
        return inputs.Length > 0 && labels.Length > 0 && inputs[0] == labels[0] && inputs[0] > 0
            ? new(batch.Inputs, batch.Labels)
            : throw Require.Broken(
                "a batch must hold at least one sample and as many labels as inputs, " +
                $"but got inputs of shape [{string.Join(',', inputs)}] and labels of shape [{string.Join(',', labels)}].");
    }
}
