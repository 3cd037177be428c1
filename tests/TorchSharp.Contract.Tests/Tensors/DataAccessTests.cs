using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Tensors;

public sealed class DataAccessTests : ContractTest
{
    private static Tensor X => tensor(new[,] { { 1f, 2, 3 }, { 4, 5, 6 } });

    [Fact]
    public void Data_ReadsByFlatAndByFullIndex()
    {
        var data = X.data<float>();
        Assert.Equal(6, data.Count);
        Assert.Equal(5f, data[4]);
        Assert.Equal(6f, data[1, 2]);
        Assert.Equal(7f, tensor(7f).data<float>()[0]);
    }

    [Fact]
    public void Data_OfATransposedTensor_FollowsItsOwnOrder()
    {
        var data = X.t().data<float>();
        Assert.Equal([1f, 4, 2, 5, 3, 6], data.ToArray());
        Assert.Equal([1f, 4, 2, 5, 3, 6], data);
        Assert.Equal(2f, data[1, 0]);
        Assert.Equal(5f, data[3]);
        var target = new float[6];
        data.CopyTo(target);
        Assert.Equal([1f, 4, 2, 5, 3, 6], target);
    }

    [Fact]
    public void Data_OfASlice_StartsAtItsOffset() => Assert.Equal([5f, 6], X[1, TensorIndex.Slice(1)].data<float>().ToArray());

    [Fact]
    public void Data_WritesThrough()
    {
        var x = X;
        x.data<float>()[0, 0] = 9;
        x.data<float>()[1, 2] = 8;
        x.data<float>().CopyFrom(new[] { 7f }, tensorIndex: 1);
        Expect.Equal(new[,] { { 9f, 7, 3 }, { 4, 5, 8 } }, x);
    }

    [Fact]
    public void Data_CopyTo_StartsWhereToldAndStopsAtTheEnd()
    {
        var target = new float[4];
        X.data<float>().CopyTo(target, arrayIndex: 1, tensorIndex: 4);
        Assert.Equal([0f, 5, 6, 0], target);
        X.data<float>().CopyTo(target.AsSpan());
        Assert.Equal([1f, 2, 3, 4], target);
    }

    [Fact]
    public void Data_OfEveryType_IsReadAsThatType()
    {
        Assert.Equal([true], ones(1, dtype: ScalarType.Bool).data<bool>().ToArray());
        Assert.Equal([1], ones(1, dtype: ScalarType.Byte).data<byte>().ToArray());
        Assert.Equal([1], ones(1, dtype: ScalarType.Int8).data<sbyte>().ToArray());
        Assert.Equal([1], ones(1, dtype: ScalarType.Int16).data<short>().ToArray());
        Assert.Equal([1], ones(1, dtype: ScalarType.Int32).data<int>().ToArray());
        Assert.Equal([1L], ones(1, dtype: ScalarType.Int64).data<long>().ToArray());
        Assert.Equal([(Half)1], ones(1, dtype: ScalarType.Float16).data<Half>().ToArray());
        Assert.Equal([1.0], ones(1, dtype: ScalarType.Float64).data<double>().ToArray());
    }

    [Fact]
    public void Data_OfAnotherType_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() => X.data<int>());
        Assert.Equal("Int32 is not compatible with Float32", error.Message);
        Assert.Throws<ArgumentException>(() => X.data<double>());
        Assert.Throws<ArgumentException>(() => zeros(1, dtype: ScalarType.BFloat16).data<float>());
    }

    [Fact]
    public void Data_OutOfBounds_Throws()
    {
        Assert.Throws<IndexOutOfRangeException>(() => X.data<float>()[6]);
        Assert.Throws<IndexOutOfRangeException>(() => X.data<float>()[0, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => X.data<float>()[-1]);
    }

    [Fact]
    public void Data_OfAnEmptyTensor_IsEmpty()
    {
        Assert.Empty(zeros(0).data<float>().ToArray());
        Assert.Empty(zeros(0).data<float>());
        Assert.Empty(zeros(2, 0).data<float>());
    }

    [Fact]
    public void Data_CopiedFromOutside_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => X.data<float>().CopyTo(new float[1], 0, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => X.data<float>().CopyFrom(new float[1], 0, -1));

        // An empty matrix has no first element, so that even this is outside.
        Assert.Throws<ArgumentOutOfRangeException>(() => zeros(2, 0).data<float>().ToArray());
    }

    [Fact]
    public void Data_OfATensorThatRequiresGrad_IsReadable() => Assert.Equal([1f], ones(1, requires_grad: true).data<float>().ToArray());

    [Fact]
    public void Item_ReadsTheOnlyElement()
    {
        Assert.Equal(2.5f, tensor(2.5f).item<float>());
        Assert.Equal(3L, tensor(new[,] { { 3L } }).item<long>());
        Assert.Equal("Number of elements in the tensor must be 1", Assert.Throws<ArgumentException>(() => X.item<float>()).Message);
        Assert.Equal("Double is not compatible with Float32", Assert.Throws<ArgumentException>(() => tensor(1f).item<double>()).Message);
    }

    [Fact]
    public void Bytes_AreTheElementsInMemory()
    {
        var x = tensor(new[] { 1f, -2 });
        Assert.Equal([0, 0, 128, 63, 0, 0, 0, 192], x.bytes.ToArray());
        x.bytes = new byte[] { 0, 0, 0, 64, 0, 0, 128, 63 };
        Expect.Equal(new[] { 2f, 1 }, x);
        x.bytes[3] = 63;
        Expect.Equal(new[] { 0.5f, 1 }, x);
    }

    [Fact]
    public void Bytes_OfAnotherLengthOrOrder_Throw()
    {
        var x = X;
        Assert.Equal("Mismatched data sizes in SetBytes().", Assert.Throws<ArgumentException>(() => { x.bytes = new byte[3]; }).Message);
        Assert.Throws<InvalidOperationException>(() => x.t().bytes.Length);
    }

    [Fact]
    public void Streams_CarryTheElements()
    {
        using var stream = new MemoryStream();
        X.WriteBytesToStream(stream);
        Assert.Equal(24, stream.Length);
        stream.Position = 0;
        var copy = zeros(2, 3);
        copy.ReadBytesFromStream(stream, bufferSize: 5);
        Assert.True(copy.Equals(X));
        Assert.Throws<EndOfStreamException>(() => copy.ReadBytesFromStream(stream));
    }

    [Fact]
    public void Scalars_ConvertToNumbers()
    {
        Assert.Equal(2.5, tensor(2.5f).ToScalar().ToDouble());
        Assert.Equal(7, tensor(7L).ToScalar().ToInt32());
        Assert.True(tensor(true).ToScalar().ToBoolean());
        Scalar scalar = 1.5f;
        Assert.Equal(1.5f, scalar.ToSingle());
        Assert.Equal(1, 1.ToScalar().ToInt64());
    }
}
