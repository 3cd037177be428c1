using NsDropoutTorch.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// What a model is fitted to: tensors in memory, a loader, or any sequence of batches. Batches that do not lie on the model's device are copied there one at a time,
/// so data too large for the device stays on the host.
/// </summary>
public abstract class BatchSource
{
    private protected BatchSource()
    {
    }

    /// <summary>The tensors, where all of the data is at hand; else null.</summary>
    internal virtual TensorData? Tensors => null;

    /// <summary>As <see cref="FromTensorData"/>.</summary>
    /// <param name="data">Inputs and labels.</param>
    public static implicit operator BatchSource(TensorData data) => FromTensorData(data);

    /// <summary>Batches of <see cref="TrainerOptions.BatchSize"/> samples in an order drawn anew for each epoch; <see cref="TrainerOptions.DropLast"/> leaves out a smaller one at its end.</summary>
    /// <param name="data">Inputs and labels, on the model's device or on the host; the caller's to dispose.</param>
    public static BatchSource FromTensorData(TensorData data) => new TensorSource(data);

    /// <summary>The first <paramref name="batchesPerEpoch"/> batches of the sequence of each epoch, in its own order and sizes.</summary>
    /// <param name="batchesPerEpoch">Batches in an epoch, at least 1; an epoch with fewer fails.</param>
    /// <param name="epoch">
    /// From the number of an epoch, from 0, to its batches: inputs <c>[n,…]</c> and labels <c>[n]</c>, of at least one sample. For exact resumption they must depend on that number alone.
    /// Tensors made while the sequence is walked are freed after their step, others stay as they are.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="batchesPerEpoch"/> is below 1.</exception>
    public static BatchSource FromSequence(int batchesPerEpoch, Func<int, IEnumerable<(Tensor Inputs, Tensor Labels)>> epoch) =>
        new SequenceSource((int)Require.AtLeast(1, batchesPerEpoch, "batches per epoch"), epoch);

    /// <summary>The batches of a TorchSharp loader. Its order is its own: with a seed it repeats the same every epoch, without one no seed of the trainer governs it.</summary>
    /// <param name="loader">The loader; the caller's to dispose.</param>
    /// <param name="split">From what it gives to inputs <c>[n,…]</c> and labels <c>[n]</c>.</param>
    /// <typeparam name="TSample">A sample of the loader.</typeparam>
    /// <typeparam name="TBatch">A batch of the loader.</typeparam>
    public static BatchSource FromLoader<TSample, TBatch>(DataLoader<TSample, TBatch> loader, Func<TBatch, (Tensor Inputs, Tensor Labels)> split) =>
        FromSequence((int)loader.Count, _ => loader.Select(split));

    internal abstract IEpochBatches Open(TrainerOptions options, Device? device);

    private sealed class TensorSource(TensorData data) : BatchSource
    {
        internal override TensorData Tensors => data;

        internal override IEpochBatches Open(TrainerOptions options, Device? device) =>
            new EpochBatches(data, options.BatchSize, options.Seed, device, options.DropLast);
    }

    private sealed class SequenceSource(int count, Func<int, IEnumerable<(Tensor Inputs, Tensor Labels)>> epoch) : BatchSource
    {
        internal override IEpochBatches Open(TrainerOptions options, Device? device) => new SequenceBatches(count, epoch, device);
    }
}

/// <summary>The samples of one step: inputs <c>[n,…]</c> and labels <c>[n]</c>.</summary>
internal readonly record struct Batch(Tensor Inputs, Tensor Labels)
{
    public long Count => Labels.size(0);

    public Batch On(Device? device) => new(Inputs.On(device), Labels.On(device));

    /// <summary>The samples from <paramref name="start"/> on; all of them are the batch itself.</summary>
    public Batch Narrow(long start, long length) =>
        length == Count ? this : new(Inputs.narrow(0, start, length), Labels.narrow(0, start, length));
}

/// <summary>The batches of a run, epoch by epoch.</summary>
internal interface IEpochBatches : IDisposable
{
    /// <summary>Batches in each epoch.</summary>
    int Count { get; }

    /// <summary>Sizes of the coming batches, as far as they are known.</summary>
    IEnumerable<long> KnownSizes { get; }

    /// <summary>Prepares an epoch; what that takes lives as long as the caller's dispose scope.</summary>
    void Begin(int epoch);

    /// <summary>Batch <paramref name="step"/> of the epoch begun last, on the model's device; steps only go up.</summary>
    Batch Take(int step);
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

    /// <summary>At most <paramref name="parts"/> parts of equal size, the last of which may be smaller.</summary>
    public static IEnumerable<(long Start, long Length)> Into(int parts, long count) => Of(count, (count + parts - 1) / parts);
}
