using NsDropoutTorch.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// The batches of each epoch. The order depends on seed and epoch alone, never on how many numbers others drew before:
/// that is what makes a resumed run the same as one never interrupted.
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

    /// <summary>Lays the order of <paramref name="epoch"/> down where the data lie; it lives as long as the caller's dispose scope.</summary>
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
