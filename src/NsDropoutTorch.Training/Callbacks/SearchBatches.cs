using NsDropoutTorch.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Callbacks;

/// <summary>The data of <see cref="GapMatchedRate"/>.</summary>
internal sealed class SearchSource(TensorData train, bool[] isHeldOut, Action onOpen) : BatchSource
{
    internal override IReadOnlyList<Tensor> Tensors => [train.Inputs, train.Labels];

    internal override IEpochBatches<(Tensor Inputs, Tensor Labels)> Open(TrainerOptions options, Device? device)
    {
        onOpen();
        return new SearchBatches(train, isHeldOut, options, device);
    }
}

/// <summary>Batches in random order; in the epochs of the search only of samples that are not held out, which fill the places of the others in the order of the epoch.</summary>
internal sealed class SearchBatches(TensorData train, bool[] isHeldOut, TrainerOptions options, Device? device) : IEpochBatches<(Tensor Inputs, Tensor Labels)>
{
    private readonly EpochOrder order = new(train.Count, options.BatchSize, options.Seed, options.DropLast);
    private readonly int searchEpochs = GapMatchedRate.SearchEpochs(options.Epochs);
    private Tensor? rows;

    public int Count => order.Count;

    public IEnumerable<long> KnownSizes => order.Sizes;

    public void Begin(int epoch)
    {
        order.Begin(epoch);
        long[] all = order.IsFullBatch ? [.. Enumerable.Range(0, isHeldOut.Length).Select(row => (long)row)] : order.Rows;
        rows = tensor(epoch < searchEpochs ? Filled(all) : all, device: train.Inputs.device);
    }

    public (Tensor Inputs, Tensor Labels) Take(int step)
    {
        var (start, length) = order.Piece(step);
        var taken = rows!.narrow(0, start, length);
        return (train.Inputs.index_select(0, taken).On(device), train.Labels.index_select(0, taken).On(device));
    }

    public void Dispose()
    {
    }

    private long[] Filled(long[] all)
    {
        long[] shown = [.. all.Where(row => !isHeldOut[row])];
        return [.. Enumerable.Range(0, all.Length).Select(i => shown[i % shown.Length])];
    }
}
