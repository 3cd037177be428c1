using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Tensors;

public sealed class IndexWriteTests : ContractTest
{
    [Fact]
    public void Numbers_WriteOnePlaceOrARow()
    {
        var x = zeros(2, 3);
        x[1, 2] = tensor(5f);
        x[0] = tensor(new[] { 1f, 2, 3 });
        x[-1, 0] = 4f;
        Expect.Equal(new[,] { { 1f, 2, 3 }, { 4, 0, 5 } }, x);
        var cube = zeros(1, 2, 2);
        cube[0, 1, 1] = 8;
        Expect.Equal(new[,,] { { { 0f, 0 }, { 0, 8 } } }, cube);
    }

    [Fact]
    public void Slices_WriteAndBroadcast()
    {
        var x = zeros(2, 3);
        x[.., 1..] = tensor(new[] { 1f, 2 });
        x[TensorIndex.Ellipsis, 0] = tensor(9f);
        Expect.Equal(new[,] { { 9f, 1, 2 }, { 9, 1, 2 } }, x);
        x[TensorIndex.Colon, TensorIndex.Slice(0, null, 2)] = tensor(new[,] { { 5f }, { 6 } });
        Expect.Equal(new[,] { { 5f, 1, 5 }, { 6, 1, 6 } }, x);
    }

    [Fact]
    public void Values_MayHaveLeadingOnes()
    {
        var x = zeros(2, 3);
        x[TensorIndex.Single(0)] = ones(1, 1, 3);
        x[TensorIndex.Slice(1), TensorIndex.Tensor(tensor(new[] { 2L, 0 }))] = tensor(new[,,] { { { 5f, 6 } } });
        Expect.Equal(new[,] { { 1f, 1, 1 }, { 6, 0, 5 } }, x);
    }

    [Fact]
    public void NewAxes_InTheTarget_MatchTheValue()
    {
        var x = zeros(2, 2);
        x[TensorIndex.None] = tensor(new[,,] { { { 1f, 2 }, { 3, 4 } } });
        Expect.Equal(new[,] { { 1f, 2 }, { 3, 4 } }, x);
    }

    [Fact]
    public void IndexTensors_WriteTheirPlaces()
    {
        var x = zeros(3, 2);
        x[tensor(new[] { 2L, 0 })] = tensor(new[,] { { 1f, 2 }, { 3, 4 } });
        Expect.Equal(new[,] { { 3f, 4 }, { 0, 0 }, { 1, 2 } }, x);
        x[tensor(new[] { 0L, 1 }), tensor(new[] { 1L, 1 })] = tensor(new[] { 8f, 9 });
        Expect.Equal(new[,] { { 3f, 8 }, { 0, 9 }, { 1, 2 } }, x);
        x[TensorIndex.Colon, TensorIndex.Tensor(tensor(new[] { 0L }))] = tensor(-1f);
        Expect.Equal(new[,] { { -1f, 8 }, { -1, 9 }, { -1, 2 } }, x);
    }

    [Fact]
    public void Masks_WriteWhereTrue()
    {
        var x = tensor(new[,] { { 1f, -2 }, { -3, 4 } });
        x[x.lt(0)] = tensor(0f);
        Expect.Equal(new[,] { { 1f, 0 }, { 0, 4 } }, x);
    }

    [Fact]
    public void IndexPut_TakesTensorsNumbersAndEveryKind()
    {
        var x = zeros(2, 3);
        Assert.Same(x, x.index_put_(tensor(1f), TensorIndex.Single(0)));
        Assert.Same(x, x.index_put_((Scalar)2, TensorIndex.Colon, TensorIndex.Single(1)));
        Assert.Same(x, x.index_put_(tensor(3f), tensor(new[] { 1L }), tensor(new[] { 2L })));
        Assert.Same(x, x.index_put_((Scalar)4, tensor(new[] { 1L }), tensor(new[] { 0L })));
        Expect.Equal(new[,] { { 1f, 2, 1 }, { 4, 2, 3 } }, x);
    }

    [Fact]
    public void Writing_ConvertsToTheTensorsType()
    {
        var x = zeros(2, dtype: ScalarType.Int64);
        x[0] = tensor(7.9f);
        x[TensorIndex.Slice(1)] = tensor(3f);
        Expect.Equal(new[] { 7L, 3 }, x);
    }

    [Fact]
    public void TruthValues_WriteAllOrNothing()
    {
        var x = zeros(2);
        x[TensorIndex.Bool(false)] = tensor(5f);
        Expect.Equal(new[] { 0f, 0 }, x);
        x[TensorIndex.Bool(true)] = tensor(5f);
        Expect.Equal(new[] { 5f, 5 }, x);
    }

    [Fact]
    public void Writing_LeavesNoTensorsBehind()
    {
        using var scope = NewDisposeScope();
        var x = zeros(4, 3);
        var rows = tensor(new[] { 0L, 2 });
        var value = tensor(1f);
        var before = scope.DisposablesCount;
        x[rows] = value;
        x[0, 1] = value;
        x[TensorIndex.Colon, TensorIndex.Slice(1)] = value;
        x.index_put_(value, TensorIndex.Slice(1), TensorIndex.Ellipsis);
        x.index_put_(value, TensorIndex.Tensor(rows), TensorIndex.Single(1));
        x.index_put_(value, TensorIndex.Bool(true));
        x.index_put_((Scalar)2, TensorIndex.Tensor(rows));
        Assert.Equal(before, scope.DisposablesCount);
    }
}
