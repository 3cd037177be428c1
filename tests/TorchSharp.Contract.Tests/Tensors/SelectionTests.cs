using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Tensors;

public sealed class SelectionTests : ContractTest
{
    private static Tensor X => tensor(new[,] { { 1f, 9, 3 }, { 7, 5, 6 } });

    [Fact]
    public void Topk_OfATensor_NamesIndexes_AndOfTorch_Indices()
    {
        var (values, indexes) = X.topk(2);
        Expect.Equal(new[,] { { 9f, 3 }, { 7, 6 } }, values);
        Expect.Equal(new[,] { { 1L, 2 }, { 0, 2 } }, indexes);
        Expect.Equal(indexes.data<long>().ToArray(), X.topk(2).indexes.flatten());
        Expect.Equal(indexes.data<long>().ToArray(), torch.topk(X, 2).indices.flatten());
    }

    [Fact]
    public void Topk_OfTheSmallest_AlongADimension()
    {
        var (values, indexes) = X.topk(1, dim: 0, largest: false);
        Expect.Equal(new[,] { { 1f, 5, 3 } }, values);
        Expect.Equal(new[,] { { 0L, 1, 0 } }, indexes);
    }

    [Fact]
    public void Topk_OfNone_IsEmpty() => Assert.Equal([2L, 0], X.topk(0).values.shape);

    [Fact]
    public void Sort_GivesValuesAndIndices()
    {
        var sorted = X.sort(1, descending: true);
        Expect.Equal(new[,] { { 9f, 3, 1 }, { 7, 6, 5 } }, sorted.Values);
        Expect.Equal(new[,] { { 1L, 2, 0 }, { 0, 2, 1 } }, sorted.Indices);
        Expect.Equal(new[,] { { 1f, 3, 9 }, { 5, 6, 7 } }, torch.sort(X).values);
        Expect.Equal(new[,] { { 0L, 2, 1 }, { 1, 2, 0 } }, X.argsort());
    }

    [Fact]
    public void Sort_WhenStable_KeepsTheOrderOfEquals() =>
        Expect.Equal(new[] { 1L, 3, 0, 2 }, tensor(new[] { 2f, 1, 2, 1 }).sort(0, stable: true).Indices);

    [Fact]
    public void IndexSelect_TakesRowsOrColumns_AlsoTwice()
    {
        Expect.Equal(new[,] { { 7f, 5, 6 }, { 7, 5, 6 }, { 1, 9, 3 } }, X.index_select(0, tensor(new[] { 1L, 1, 0 })));
        Expect.Equal(new[,] { { 3f }, { 6 } }, X.index_select(1, tensor(new[] { 2L })));
    }

    [Fact]
    public void IndexAdd_AddsEveryRow_AlsoToTheSamePlace()
    {
        var place = tensor(new[] { 0L, 1, 0 });
        var rows = tensor(new[,] { { 1f, 1 }, { 2, 2 }, { 4, 4 } });
        Expect.Equal(new[,] { { 5f, 5 }, { 2, 2 } }, zeros(2, 2).index_add(0, place, rows, 1));
        var sums = ones(2, 2);
        Assert.Same(sums, sums.index_add_(0, place, rows, 0.5));
        Expect.Equal(new[,] { { 3.5f, 3.5f }, { 2, 2 } }, sums);
    }

    [Fact]
    public void IndexCopyAndIndexFill_WriteTheIndexedRows()
    {
        var x = zeros(3, 2);
        x.index_copy_(0, tensor(new[] { 2L, 0 }), tensor(new[,] { { 1f, 2 }, { 3, 4 } }));
        Expect.Equal(new[,] { { 3f, 4 }, { 0, 0 }, { 1, 2 } }, x);
        x.index_fill_(1, tensor(new[] { 0L }), 9);
        Expect.Equal(new[,] { { 9f, 4 }, { 9, 0 }, { 9, 2 } }, x);
    }

    [Fact]
    public void GatherAndScatter_AreInverse()
    {
        var index = tensor(new[,] { { 2L, 0 }, { 1, 2 } });
        var taken = X.gather(1, index);
        Expect.Equal(new[,] { { 3f, 1 }, { 5, 6 } }, taken);
        Expect.Equal(new[,] { { 1f, 0, 3 }, { 0, 5, 6 } }, zeros(2, 3).scatter(1, index, taken));
        var x = zeros(2, 3);
        Assert.Same(x, x.scatter_(1, index, taken));
        Assert.Same(x, x.scatter_add_(1, index, taken));
        Expect.Equal(new[,] { { 2f, 0, 6 }, { 0, 10, 12 } }, x);
        Expect.Equal(new[,] { { 3f, 3 } }, zeros(1, 2).scatter_add(1, tensor(new[,] { { 0L, 0, 1 } }), tensor(new[,] { { 1f, 2, 3 } })));
    }

    [Fact]
    public void Masks_FillAndSelect()
    {
        var mask = X.gt(5);
        Expect.Equal(new[,] { { 1f, 0, 3 }, { 0, 5, 0 } }, X.masked_fill(mask, 0));
        Expect.Equal(new[] { 9f, 7, 6 }, X.masked_select(mask));
        var x = X;
        Assert.Same(x, x.masked_fill_(mask, -1));
        Expect.Equal(new[,] { { 1f, -1, 3 }, { -1, 5, -1 } }, x);
    }

    [Fact]
    public void Where_ChoosesByElement_AndBroadcasts()
    {
        Expect.Equal(new[,] { { 0f, 9, 0 }, { 7, 0, 6 } }, where(X.gt(5), X, zeros(1)));
        Expect.Equal(new[,] { { 0L, 1 }, { 1, 0 }, { 1, 2 } }, X.gt(5).nonzero());
    }

    [Fact]
    public void NarrowSelectAndSlice_AreViews()
    {
        var x = X;
        x.narrow(1, 1, 2).fill_(0);
        Expect.Equal(new[,] { { 1f, 0, 0 }, { 7, 0, 0 } }, x);
        x.select(0, 1).fill_(4);
        Expect.Equal(new[,] { { 1f, 0, 0 }, { 4, 4, 4 } }, x);
        Expect.Equal(new[,] { { 1f, 0 }, { 4, 4 } }, x.slice(1, 0, 3, 2));
    }

    [Fact]
    public void SplitChunkAndUnbind_CutInParts()
    {
        var row = arange(5);
        Assert.Equal([2L, 2, 1], row.split(2).Select(part => part.numel()));
        Assert.Equal([1L, 4], row.split(new long[] { 1, 4 }).Select(part => part.numel()));
        Assert.Equal([3L, 2], row.chunk(2).Select(part => part.numel()));
        Assert.Equal([9f, 5], X.unbind(1)[1].data<float>().ToArray());
    }

    [Fact]
    public void Bincount_CountsAndWeighs()
    {
        var labels = tensor(new[] { 0L, 2, 2 });
        Expect.Equal(new[] { 1L, 0, 2, 0 }, torch.bincount(labels, minlength: 4));
        Expect.Equal(new[] { 0.5, 0, 3.5 }, torch.bincount(labels, tensor(new[] { 0.5, 1, 2.5 })));
    }

    [Fact]
    public void Multinomial_NeverDrawsAZeroWeight()
    {
        var draws = tensor(new[] { 0f, 1, 0 }).multinomial(20, replacement: true);
        Assert.All(draws.data<long>(), draw => Assert.Equal(1, draw));
        Assert.Equal([0L, 1, 2], torch.multinomial(ones(3), 3).data<long>().Order());
    }

    [Fact]
    public void FlipRollAndRepeatInterleave_Reorder()
    {
        var row = arange(4);
        Expect.Equal(new[] { 3L, 2, 1, 0 }, row.flip(0));
        Expect.Equal(new[] { 3L, 0, 1, 2 }, row.roll(1));
        Expect.Equal(new[] { 0L, 0, 1, 1 }, arange(2).repeat_interleave(2));
    }
}
