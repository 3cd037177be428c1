using System.Collections;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Fetches the samples of a data set one by one, in the sampler's order, and collates them into batches.</summary>
public class DataLoader<T, S> : IEnumerable<S>, IDisposable
{
    public DataLoader(
        utils.data.Dataset<T> dataset, int batchSize, Func<IEnumerable<T>, Device, S> collate_fn, IEnumerable<long> shuffler,
        Device? device = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
    {
        this.dataset = dataset;
        batch_size = batchSize;
        this.collate_fn = collate_fn;
        sampler = shuffler;
        Device = device ?? CPU;
        num_workers = Math.Max(num_worker, 1);
        this.drop_last = drop_last;
        DisposeBatch = disposeBatch;
        DisposeDataset = disposeDataset;
    }

    public DataLoader(
        utils.data.Dataset<T> dataset, int batchSize, Func<IEnumerable<T>, Device, S> collate_fn, bool shuffle = false,
        Device? device = null, int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true,
        bool disposeDataset = true)
        : this(
            dataset, batchSize, collate_fn, shuffle ? new FisherYatesShuffler(dataset.Count, seed) : InOrder(dataset.Count), device,
            num_worker, drop_last, disposeBatch, disposeDataset)
    {
    }

    public utils.data.Dataset<T> dataset { get; }

    public int batch_size { get; }

    public bool drop_last { get; }

    public IEnumerable<long> sampler { get; }

    public int num_workers { get; }

    public Func<IEnumerable<T>, Device, S> collate_fn { get; }

    public Device Device { get; }

    public bool DisposeBatch { get; }

    public bool DisposeDataset { get; }

    public long Count => drop_last ? dataset.Count / batch_size : ((dataset.Count - 1) / batch_size) + 1;

    /// <summary>The batches. Each is disposed when the next is asked for, unless the loader was told to leave them to the caller.</summary>
    public IEnumerator<S> GetEnumerator()
    {
        foreach (var indices in Batches())
        {
            var (batch, created) = Load(indices);
            try
            {
                yield return batch;
            }
            finally
            {
                if (DisposeBatch) DisposeAll(created);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing && DisposeDataset) dataset.Dispose();
    }

    private static IEnumerable<long> InOrder(long count)
    {
        for (long i = 0; i < count; i++) yield return i;
    }

    private static void DisposeAll(IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables) disposable.Dispose();
    }

    private static IReadOnlyList<IDisposable> Detach(DisposeScope scope)
    {
        var created = scope.DisposablesView;
        scope.Detach(created);
        return created;
    }

    private IEnumerable<List<long>> Batches()
    {
        var indices = new List<long>(batch_size);
        foreach (var index in sampler)
        {
            if (batch_size == 0) yield break;
            indices.Add(index);
            if (indices.Count < batch_size) continue;
            yield return indices;
            indices = new List<long>(batch_size);
        }

        if (indices.Count > 0 && !drop_last) yield return indices;
    }

    // A dispose scope belongs to a thread: what the workers create is taken out of theirs and disposed after the collation.
    private (S Batch, IReadOnlyList<IDisposable> Created) Load(List<long> indices)
    {
        var samples = new T[indices.Count];
        var leftovers = new IReadOnlyList<IDisposable>[indices.Count];
        try
        {
            Parallel.For(0, indices.Count, new ParallelOptions { MaxDegreeOfParallelism = num_workers }, i =>
            {
                using var scope = NewDisposeScope();
                samples[i] = dataset.GetTensor(indices[i]);
                leftovers[i] = Detach(scope);
            });
            using var scope = NewDisposeScope();
            return (collate_fn(samples, Device), Detach(scope));
        }
        finally
        {
            foreach (var created in leftovers) DisposeAll(created ?? []);
        }
    }
}
