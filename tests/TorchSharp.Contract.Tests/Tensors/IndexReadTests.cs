using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Tensors;

public sealed class IndexReadTests : ContractTest
{
    private static Tensor X => arange(6).reshape(2, 3);

    private static Tensor Cube => arange(24).reshape(2, 3, 4);

    [Fact]
    public void Numbers_SelectFromTheLeft()
    {
        Expect.Equal(new[] { 3L, 4, 5 }, X[1]);
        Expect.Scalar(5L, X[1, 2]);
        Expect.Scalar(23L, Cube[1, 2, 3]);
        Expect.Scalar(1L, X.unsqueeze(0).unsqueeze(0)[0, 0, 0, 1]);
    }

    [Fact]
    public void NegativeNumbers_CountFromTheEnd()
    {
        Expect.Scalar(5L, X[-1, -1]);
        Expect.Equal(new[] { 3L, 4, 5 }, X[TensorIndex.Single(-1)]);
        Expect.Equal(new[] { 3L, 4, 5 }, X[^1]);
    }

    [Fact]
    public void Slices_TakeHalfOpenRangesWithSteps()
    {
        Expect.Equal(new[,] { { 1L, 2 }, { 4, 5 } }, X[TensorIndex.Slice(), TensorIndex.Slice(1)]);
        Expect.Equal(new[,] { { 0L, 1 }, { 3, 4 } }, X[TensorIndex.Colon, TensorIndex.Slice(stop: 2)]);
        Expect.Equal(new[,] { { 0L, 2 }, { 3, 5 } }, X[TensorIndex.Ellipsis, TensorIndex.Slice(0, null, 2)]);
        Expect.Equal(new[,] { { 2L }, { 5 } }, X[TensorIndex.Colon, TensorIndex.Slice(-1)]);
        Assert.Equal([0L, 3], X[TensorIndex.Slice(2, 2)].shape);
        Assert.Equal([2L, 3], X[TensorIndex.Slice(0, 99)].shape);
    }

    [Fact]
    public void Ranges_AreSlices()
    {
        Expect.Equal(new[,] { { 1L }, { 4 } }, X[.., 1..2]);
        Expect.Equal(new[,] { { 0L, 1 }, { 3, 4 } }, X[.., ..^1]);
        Expect.Equal(new[,] { { 3L, 4, 5 } }, X[1..]);
        Expect.Equal(new[,] { { 0L, 1 }, { 3, 4 } }, X[.., (0, 2)]);
    }

    [Fact]
    public void NumbersAndSlices_Mix()
    {
        Expect.Equal(new[] { 1L, 4 }, X[.., 1]);
        Expect.Equal(new[,] { { 4L, 5 }, { 8, 9 } }, Cube[0, 1.., ..2]);
        Expect.Equal(new[] { 12L, 13, 14, 15 }, Cube[1, 0, TensorIndex.Ellipsis]);
    }

    [Fact]
    public void Ellipsis_FillsTheMiddle()
    {
        Assert.Equal([2L, 3], Cube[TensorIndex.Ellipsis, 0].shape);
        Assert.Equal([3L], Cube[0, TensorIndex.Ellipsis, 0].shape);
        Expect.Equal(new[,] { { 3L, 7, 11 }, { 15, 19, 23 } }, Cube[TensorIndex.Ellipsis, 3]);
        Assert.Equal([2L, 3, 4], Cube[TensorIndex.Ellipsis].shape);
    }

    [Fact]
    public void NoneAndNull_AddADimension()
    {
        Assert.Equal([1L, 2, 3], X[TensorIndex.None].shape);
        Assert.Equal([2L, 1, 3], X[TensorIndex.Colon, TensorIndex.None].shape);
        Assert.Equal([2L, 3, 1], X[TensorIndex.Ellipsis, TensorIndex.None].shape);
        Assert.Equal([2L, 1], X[TensorIndex.Colon, TensorIndex.None, 0].shape);
        Assert.Equal([1L, 2, 3], X[TensorIndex.Null].shape);
    }

    [Fact]
    public void TruthValues_AddADimensionOfOneOrZero()
    {
        Assert.Equal([1L, 2, 3], X[TensorIndex.Bool(true)].shape);
        Assert.Equal([0L, 2, 3], X[TensorIndex.Bool(false)].shape);
    }

    [Fact]
    public void IndexTensors_Gather()
    {
        Expect.Equal(new[,] { { 3L, 4, 5 }, { 0, 1, 2 }, { 3, 4, 5 } }, X[tensor(new[] { 1L, 0, 1 })]);
        Expect.Equal(new[] { 5L, 1 }, X[tensor(new[] { 1L, 0 }), tensor(new[] { 2L, 1 })]);
        Expect.Equal(new[,] { { 3L, 4, 5 } }, X[TensorIndex.Tensor(tensor(new[] { -1L }))]);
    }

    [Fact]
    public void IndexTensors_AfterOtherKinds_Gather()
    {
        var columns = TensorIndex.Tensor(tensor(new[] { 2L, 0 }));
        Expect.Equal(new[,] { { 2L, 0 }, { 5, 3 } }, X[TensorIndex.Colon, columns]);
        Expect.Equal(new[,] { { 2L, 0 }, { 5, 3 } }, X[TensorIndex.Ellipsis, columns]);
        Expect.Equal(new[] { 5L, 3 }, X[1, columns]);
        Assert.Equal([3L, 2], Cube[1, TensorIndex.Colon, columns].shape);
        Assert.Equal([2L, 2, 4], Cube[TensorIndex.Colon, columns].shape);
        Assert.Equal([2L, 1, 2], X[TensorIndex.Colon, TensorIndex.None, columns].shape);
    }

    [Fact]
    public void Masks_TakeWhereTrue()
    {
        Expect.Equal(new[] { 3L, 4, 5 }, X[X.gt(2)]);
        Expect.Equal(new[,] { { 3L, 4, 5 } }, X[tensor(new[] { false, true })]);
        Expect.Equal(new[,] { { 0L, 2 }, { 3, 5 } }, X[TensorIndex.Colon, TensorIndex.Tensor(tensor(new[] { true, false, true }))]);
    }

    [Fact]
    public void Masks_OfSeveralDimensions_TakeThemAll()
    {
        var mask = tensor(new[,] { { true, false, false }, { false, false, true } });
        Expect.Equal(new[,] { { 0L, 1, 2, 3 }, { 20, 21, 22, 23 } }, Cube[mask]);
        Expect.Equal(new[,] { { 0L, 1, 2, 3 }, { 20, 21, 22, 23 } }, Cube[TensorIndex.Tensor(mask), TensorIndex.Ellipsis]);
        Expect.Equal(new[,] { { 0L, 20 } }, Cube.permute(2, 0, 1)[TensorIndex.Slice(0, 1), TensorIndex.Tensor(mask)]);
        Expect.Equal(new[,] { { 0L, 20 }, { 1, 21 } }, Cube.permute(2, 0, 1)[..2][TensorIndex.Ellipsis, TensorIndex.Tensor(mask)]);
    }

    [Fact]
    public void IndexTensors_WithoutDimensions_Select()
    {
        Expect.Equal(new[] { 3L, 4, 5 }, X[tensor(1L)]);
        Expect.Equal(new[] { 2L, 5 }, X[TensorIndex.Colon, TensorIndex.Tensor(tensor(2L))]);
    }

    [Fact]
    public void IndexMethods_EqualTheIndexer()
    {
        Expect.Equal(new[] { 3L, 4, 5 }, X.index(TensorIndex.Single(1)));
        Expect.Equal(new[] { 5L, 1 }, X.index(tensor(new[] { 1L, 0 }), tensor(new[] { 2L, 1 })));
    }

    [Fact]
    public void Reading_LeavesNothingButTheResult()
    {
        using var scope = NewDisposeScope();
        var x = Cube;
        var rows = tensor(new[] { 0L, 1 });
        var before = scope.DisposablesCount;
        _ = x[0, 1..];
        _ = x[rows];
        _ = x[TensorIndex.Tensor(rows), TensorIndex.None, TensorIndex.Slice(1)];
        _ = x[TensorIndex.Bool(true), TensorIndex.Ellipsis, TensorIndex.Single(0)];
        Assert.Equal(before + 4, scope.DisposablesCount);
    }

    [Fact]
    public void Views_ShareTheirElements()
    {
        var x = X;
        x[0].fill_(9);
        x[.., 1..2].fill_(7);
        Expect.Equal(new[,] { { 9L, 7, 9 }, { 3, 7, 5 } }, x);
    }

    [Fact]
    public void Indexing_KeepsTheGraph()
    {
        var x = ones(3, requires_grad: true);
        (x[1] * 2 + x[TensorIndex.Slice(2)].sum() + x[tensor(new[] { 1L, 1 })].sum()).backward();
        Expect.Equal(new[] { 0f, 4, 1 }, x.grad!);
    }
}
