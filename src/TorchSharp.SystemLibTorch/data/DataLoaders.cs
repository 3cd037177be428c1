using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Batches of tensors by name.</summary>
public class DataLoader : DataLoader<Dictionary<string, Tensor>, Dictionary<string, Tensor>>
{
    public DataLoader(
        utils.data.Dataset dataset, int batchSize, IEnumerable<long> shuffler, Device? device = null, int num_worker = 1,
        bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
        : base(dataset, batchSize, Collate, shuffler, device, num_worker, drop_last, disposeBatch, disposeDataset)
    {
    }

    public DataLoader(
        utils.data.Dataset dataset, int batchSize, bool shuffle = false, Device? device = null, int? seed = null, int num_worker = 1,
        bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
        : base(dataset, batchSize, Collate, shuffle, device, seed, num_worker, drop_last, disposeBatch, disposeDataset)
    {
    }

    /// <summary>One batch of samples: stacked, and where the device is.</summary>
    internal static Tensor Stack(IEnumerable<Tensor> samples, Device device)
    {
        using var scope = NewDisposeScope();
        return stack(samples).to(device).MoveToOuterDisposeScope();
    }

    private static Dictionary<string, Tensor> Collate(IEnumerable<Dictionary<string, Tensor>> samples, Device device) =>
        samples.First().Keys.ToDictionary(
            key => key, key => Stack(samples.Select(sample => sample[key]), device), StringComparer.Ordinal);
}

/// <summary>Batches of tensors by number.</summary>
public class IterableDataLoader : DataLoader<IList<Tensor>, IList<Tensor>>
{
    public IterableDataLoader(
        utils.data.IterableDataset dataset, int batchSize, IEnumerable<long> shuffler, Device? device = null, int num_worker = 1,
        bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
        : base(dataset, batchSize, Collate, shuffler, device, num_worker, drop_last, disposeBatch, disposeDataset)
    {
    }

    public IterableDataLoader(
        utils.data.IterableDataset dataset, int batchSize, bool shuffle = false, Device? device = null, int? seed = null,
        int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
        : base(dataset, batchSize, Collate, shuffle, device, seed, num_worker, drop_last, disposeBatch, disposeDataset)
    {
    }

    private static IList<Tensor> Collate(IEnumerable<IList<Tensor>> samples, Device device) =>
        Enumerable.Range(0, samples.First().Count)
            .Select(position => DataLoader.Stack(samples.Select(sample => sample[position]), device))
            .ToList();
}
