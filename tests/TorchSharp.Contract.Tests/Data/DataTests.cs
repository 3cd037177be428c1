using static TorchSharp.torch;
using static TorchSharp.torch.utils;

namespace TorchSharp.Contract.Tests.Data;

public sealed class DataTests : ContractTest
{
    [Fact]
    public void TensorDataset_GivesRowsOfEveryTensor()
    {
        using var dataset = data.TensorDataset(arange(6).reshape(3, 2), tensor(new[] { 7f, 8, 9 }));
        Assert.Equal(3, dataset.Count);
        var row = dataset[1];
        Expect.Equal(new[] { 2L, 3 }, row[0]);
        Expect.Scalar(8f, row[1]);
        Expect.Scalar(9f, dataset.GetTensor(2)[1]);
    }

    [Fact]
    public void TensorDataset_OfDifferentLengths_Throws() =>
        Assert.Throws<ArgumentException>(() => data.TensorDataset(zeros(3), zeros(2)));

    [Fact]
    public void Loader_InOrder_CoversEverythingOnce()
    {
        using var dataset = data.TensorDataset(arange(7), arange(7) * 10);
        using var loader = data.DataLoader(dataset, 3);
        Assert.Equal(3, loader.Count);
        var batches = new List<long[]>();
        foreach (var batch in loader)
        {
            Assert.True((batch[0] * 10).Equals(batch[1]));
            batches.Add(batch[0].data<long>().ToArray());
        }

        Assert.Equal([[0L, 1, 2], [3, 4, 5], [6]], batches);
    }

    [Fact]
    public void Loader_DroppingTheLast_GivesFullBatchesAlone()
    {
        using var dataset = data.TensorDataset(arange(7));
        using var loader = data.DataLoader(dataset, 3, drop_last: true);
        Assert.Equal(2, loader.Count);
        Assert.Equal([0L, 1, 2, 3, 4, 5], Items(loader));
    }

    [Fact]
    public void Loader_WithASeed_RepeatsTheSameOrderEveryEpoch()
    {
        using var dataset = data.TensorDataset(arange(50));
        using var loader = data.DataLoader(dataset, 8, shuffle: true, seed: 3);
        using var same = data.DataLoader(dataset, 8, shuffle: true, seed: 3, disposeDataset: false);
        var first = Items(loader);
        Assert.NotEqual(Items(data.DataLoader(dataset, 8)), first);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), first.Order());
        Assert.Equal(first, Items(loader));
        Assert.Equal(first, Items(same));
    }

    [Fact]
    public void Loader_WithAShuffler_FollowsIt()
    {
        using var dataset = data.TensorDataset(arange(4));
        using var loader = data.DataLoader(dataset, 2, new long[] { 3, 1, 0, 2 });
        Assert.Equal([3L, 1, 0, 2], Items(loader));
    }

    [Fact]
    public void Loader_OfADatasetOfNames_StacksByName()
    {
        using var loader = data.DataLoader(new Squares(), 2);
        var sums = new List<double>();
        foreach (var batch in loader)
        {
            Assert.Equal(["x", "y"], batch.Keys.Order(StringComparer.Ordinal));
            sums.Add((batch["x"].square() - batch["y"]).abs().sum().ToDouble());
        }

        Assert.Equal([0.0, 0, 0], sums);
    }

    [Fact]
    public void Loader_DisposesItsBatchesUnlessTold()
    {
        using var dataset = data.TensorDataset(arange(4));
        var passed = new List<Tensor>();
        foreach (var batch in data.DataLoader(dataset, 2)) passed.Add(batch[0]);
        Assert.All(passed, tensor => Assert.True(tensor.IsInvalid));
        var kept = new List<Tensor>();
        foreach (var batch in data.DataLoader(dataset, 2, disposeBatch: false)) kept.Add(batch[0]);
        Assert.All(kept, tensor => Assert.False(tensor.IsInvalid));
        kept.ForEach(tensor => tensor.Dispose());
    }

    private static List<long> Items(IEnumerable<IList<Tensor>> loader)
    {
        var items = new List<long>();
        foreach (var batch in loader) items.AddRange(batch[0].data<long>().ToArray());
        return items;
    }

    private sealed class Squares : data.Dataset
    {
        public override long Count => 5;

        public override Dictionary<string, Tensor> GetTensor(long index) => new(StringComparer.Ordinal)
        {
            ["x"] = tensor((double)index),
            ["y"] = tensor((double)index * index),
        };
    }
}
