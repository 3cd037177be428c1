using System.Diagnostics.CodeAnalysis;
using NsDropoutTorch.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>Batches of any type, epoch by epoch: what a step of one's own is given. <see cref="BatchSource"/> makes them.</summary>
/// <typeparam name="TBatch">A batch.</typeparam>
public abstract class BatchSource<TBatch>
{
    private protected BatchSource()
    {
    }

    /// <summary>The tensors, where all of the data is at hand, a row of each for every sample; else null.</summary>
    internal virtual IReadOnlyList<Tensor>? Tensors => null;

    /// <summary>Cuts a batch into pieces of consecutive samples; null where batches cannot be cut.</summary>
    internal virtual Func<TBatch, long, long, TBatch>? Narrow => null;

    /// <summary>Batches to train on.</summary>
    internal abstract IEpochBatches<TBatch> Open(TrainerOptions options, Device? device);

    /// <summary>Batches to measure on, in order.</summary>
    internal virtual IEpochBatches<TBatch> OpenInOrder(TrainerOptions options, Device? device) => Open(options, device);
}

/// <summary>
/// What a model is fitted to or measured on: tensors in memory, a loader, or any sequence of batches of inputs and labels. Batches that do not lie on the model's device are copied
/// there one at a time, so data too large for the device stays on the host.
/// </summary>
public abstract class BatchSource : BatchSource<(Tensor Inputs, Tensor Labels)>
{
    private protected BatchSource()
    {
    }

    internal sealed override Func<(Tensor Inputs, Tensor Labels), long, long, (Tensor Inputs, Tensor Labels)> Narrow =>
        static (batch, start, length) => length == batch.Labels.size(0) ? batch : (batch.Inputs.narrow(0, start, length), batch.Labels.narrow(0, start, length));

    /// <summary>As <see cref="FromTensorData"/>; null stays null.</summary>
    /// <param name="data">Inputs and labels.</param>
    [return: NotNullIfNotNull(nameof(data))]
    public static implicit operator BatchSource?(TensorData? data) => data is null ? null : FromTensorData(data);

    /// <summary>
    /// Batches of <see cref="TrainerOptions.BatchSize"/> samples in an order drawn anew for each epoch; <see cref="TrainerOptions.DropLast"/> leaves out a smaller one at its end.
    /// Where they are only measured on, all samples in order.
    /// </summary>
    /// <param name="data">Inputs and labels, on the model's device or on the host; the caller's to dispose.</param>
    public static BatchSource FromTensorData(TensorData data) => new TensorDataSource(data);

    /// <summary>Batches of rows of several tensors, for a step of one's own: an array with the rows of each; otherwise as <see cref="FromTensorData"/>.</summary>
    /// <param name="tensors">At least one tensor, all of the same device and with one row a sample, in any dtype and shape <c>[N,…]</c>; the caller's to dispose.</param>
    /// <exception cref="ArgumentException">There is none, or their rows or devices differ.</exception>
    public static BatchSource<Tensor[]> FromTensors(params IReadOnlyList<Tensor> tensors) => new TensorSource([.. tensors]);

    /// <summary>The first <paramref name="batchesPerEpoch"/> batches of the sequence of each epoch, in its own order and sizes.</summary>
    /// <param name="batchesPerEpoch">Batches in an epoch, at least 1; an epoch with fewer fails.</param>
    /// <param name="epoch">
    /// From the number of an epoch, from 0, to its batches: inputs <c>[n,…]</c> and labels <c>[n,…]</c>, of at least one sample. For exact resumption they must depend on that number alone.
    /// Tensors made while the sequence is walked are freed after their step, others stay as they are.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="batchesPerEpoch"/> is below 1.</exception>
    public static BatchSource FromSequence(int batchesPerEpoch, Func<int, IEnumerable<(Tensor Inputs, Tensor Labels)>> epoch) => new PairSource(CountOf(batchesPerEpoch), epoch);

    /// <summary>As the other form, for batches of any type, which reach the step as they are: it moves what it needs to the model's device.</summary>
    /// <param name="batchesPerEpoch">Batches in an epoch, at least 1; an epoch with fewer fails.</param>
    /// <param name="epoch">From the number of an epoch, from 0, to its batches.</param>
    /// <typeparam name="TBatch">A batch.</typeparam>
    /// <exception cref="ArgumentException"><paramref name="batchesPerEpoch"/> is below 1.</exception>
    public static BatchSource<TBatch> FromSequence<TBatch>(int batchesPerEpoch, Func<int, IEnumerable<TBatch>> epoch) => new AnySource<TBatch>(CountOf(batchesPerEpoch), epoch);

    /// <summary>The batches of a TorchSharp loader. Its order is its own: with a seed it repeats the same every epoch, without one no seed of the trainer governs it.</summary>
    /// <param name="loader">The loader; the caller's to dispose.</param>
    /// <param name="split">From what it gives to inputs <c>[n,…]</c> and labels <c>[n,…]</c>.</param>
    /// <typeparam name="TSample">A sample of the loader.</typeparam>
    /// <typeparam name="TBatch">A batch of the loader.</typeparam>
    public static BatchSource FromLoader<TSample, TBatch>(DataLoader<TSample, TBatch> loader, Func<TBatch, (Tensor Inputs, Tensor Labels)> split) =>
        FromSequence((int)loader.Count, _ => loader.Select(split));

    /// <summary>As the other form, for a loader of named tensors, such as that of a data set of TorchVision (docs/torchvision.md).</summary>
    /// <param name="loader">The loader; the caller's to dispose. It disposes its batches itself, unless it was made with <c>disposeBatch: false</c>.</param>
    /// <param name="inputs">The name of the inputs, as "data".</param>
    /// <param name="labels">The name of the labels, as "label".</param>
    /// <exception cref="ArgumentException">While batches are taken: a batch has no tensor of such a name.</exception>
    public static BatchSource FromLoader(DataLoader loader, string inputs, string labels) =>
        FromLoader(loader, batch => (NamedTensors.Of(batch, inputs), NamedTensors.Of(batch, labels)));

    /// <summary>
    /// Samples of a TorchSharp data set, one by one: batches of <see cref="TrainerOptions.BatchSize"/> samples in an order drawn anew for each epoch, as <see cref="FromTensorData"/> has them.
    /// What the data set draws from torch's generator of the CPU, such as a random flip, depends on <see cref="TrainerOptions.Seed"/>, epoch and batch alone, and takes no number from what the model
    /// draws. Where samples are only measured on, all of them in order.
    /// </summary>
    /// <param name="dataset">The data set, with samples of one shape; the caller's to dispose. Tensors that it makes for a sample are freed, others stay as they are.</param>
    /// <param name="inputs">The name of the inputs, as "data".</param>
    /// <param name="labels">The name of the labels, as "label".</param>
    /// <exception cref="ArgumentException">While batches are taken: there is no sample, or one has no tensor of such a name.</exception>
    public static BatchSource FromDataset(utils.data.Dataset dataset, string inputs, string labels) => new DatasetSource(dataset, inputs, labels);

    /// <summary>The batches of a TorchSharp loader as they are, for a step of one's own; of their order holds what is said at the other form.</summary>
    /// <param name="loader">The loader; the caller's to dispose.</param>
    /// <typeparam name="TSample">A sample of the loader.</typeparam>
    /// <typeparam name="TBatch">A batch of the loader.</typeparam>
    public static BatchSource<TBatch> FromLoader<TSample, TBatch>(DataLoader<TSample, TBatch> loader) => FromSequence<TBatch>((int)loader.Count, _ => loader);

    private static int CountOf(int batchesPerEpoch) => (int)Require.AtLeast(1, batchesPerEpoch, "batches per epoch");

    private sealed class TensorDataSource(TensorData data) : BatchSource
    {
        internal override IReadOnlyList<Tensor> Tensors => [data.Inputs, data.Labels];

        internal override IEpochBatches<(Tensor Inputs, Tensor Labels)> Open(TrainerOptions options, Device? device) => EpochBatches.Of(data, options.BatchSize, options.Seed, device, options.DropLast);

        internal override IEpochBatches<(Tensor Inputs, Tensor Labels)> OpenInOrder(TrainerOptions options, Device? device) =>
            new OrderedBatches<(Tensor, Tensor)>([data.Inputs, data.Labels], EpochBatches.Pair, options, device);
    }

    private sealed class DatasetSource(utils.data.Dataset dataset, string inputs, string labels) : BatchSource
    {
        internal override IEpochBatches<(Tensor Inputs, Tensor Labels)> Open(TrainerOptions options, Device? device) =>
            new DatasetBatches(new DatasetSamples(dataset, inputs, labels), options, device);

        internal override IEpochBatches<(Tensor Inputs, Tensor Labels)> OpenInOrder(TrainerOptions options, Device? device) =>
            new OrderedDatasetBatches(new DatasetSamples(dataset, inputs, labels), options, device);
    }

    private sealed class TensorSource : BatchSource<Tensor[]>
    {
        private readonly Tensor[] tensors;

        public TensorSource(Tensor[] tensors)
        {
            if (tensors.Length == 0 || tensors.Any(tensor => tensor.dim() == 0 || tensor.size(0) != tensors[0].size(0) || tensor.device.ToString() != tensors[0].device.ToString()))
            {
                throw Require.Broken(
                    "tensors must be at least one, all on the same device and with one row a sample, "
                    + $"but got {(tensors.Length == 0 ? "none" : string.Join(", ", tensors.Select(tensor => $"[{string.Join(',', tensor.shape)}] on {tensor.device}")))}.");
            }

            this.tensors = tensors;
        }

        internal override IReadOnlyList<Tensor> Tensors => tensors;

        internal override Func<Tensor[], long, long, Tensor[]> Narrow => static (batch, start, length) => length == batch[0].size(0) ? batch : [.. batch.Select(tensor => tensor.narrow(0, start, length))];

        internal override IEpochBatches<Tensor[]> Open(TrainerOptions options, Device? device) =>
            new EpochBatches<Tensor[]>(tensors, static rows => rows, options.BatchSize, options.Seed, device, options.DropLast);

        internal override IEpochBatches<Tensor[]> OpenInOrder(TrainerOptions options, Device? device) => new OrderedBatches<Tensor[]>(tensors, static rows => rows, options, device);
    }

    private sealed class PairSource(int count, Func<int, IEnumerable<(Tensor Inputs, Tensor Labels)>> epoch) : BatchSource
    {
        internal override IEpochBatches<(Tensor Inputs, Tensor Labels)> Open(TrainerOptions options, Device? device) =>
            new SequenceBatches<(Tensor Inputs, Tensor Labels)>(count, epoch, batch => SequenceBatch.Checked(batch).On(device));
    }

    private sealed class AnySource<TBatch>(int count, Func<int, IEnumerable<TBatch>> epoch) : BatchSource<TBatch>
    {
        internal override IEpochBatches<TBatch> Open(TrainerOptions options, Device? device) => new SequenceBatches<TBatch>(count, epoch, static batch => batch);
    }
}
