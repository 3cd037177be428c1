using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Tensors;

/// <summary><c>tensor</c>, <c>from_array</c> and the implicit conversions to a tensor.</summary>
public sealed class LiteralTests : ContractTest
{
    [Fact]
    public void Tensor_OfAScalar_HasTheTypeOfTheScalar()
    {
        Expect.Scalar(true, tensor(true));
        Expect.Scalar((byte)200, tensor((byte)200));
        Expect.Scalar((sbyte)-3, tensor((sbyte)-3));
        Expect.Scalar((short)-300, tensor((short)-300));
        Expect.Scalar(7, tensor(7));
        Expect.Scalar(7L, tensor(7L));
        Expect.Scalar(1.5f, tensor(1.5f));
        Expect.Scalar(1.5, tensor(1.5));
    }

    [Fact]
    public void Tensor_OfAScalarWithType_IsOfThatType()
    {
        Expect.Scalar(7f, tensor(7L, dtype: ScalarType.Float32));
        Expect.Scalar(1.5f, tensor(1.5, ScalarType.Float32));
        Expect.Scalar(1L, tensor(true, ScalarType.Int64));
    }

    [Fact]
    public void Tensor_OfAnArray_HasItsTypeAndOneDimension()
    {
        Expect.Equal(new[] { true, false }, tensor(new[] { true, false }));
        Expect.Equal(new byte[] { 1, 2 }, tensor(new byte[] { 1, 2 }));
        Expect.Equal(new short[] { 1, 2 }, tensor(new short[] { 1, 2 }));
        Expect.Equal(new[] { 1, 2 }, tensor(new[] { 1, 2 }));
        Expect.Equal(new[] { 1L, 2 }, tensor(new[] { 1L, 2 }));
        Expect.Equal(new[] { 1f, 2 }, tensor(new[] { 1f, 2 }));
        Expect.Equal(new[] { 1.0, 2 }, tensor(new[] { 1.0, 2 }));
    }

    [Fact]
    public void Tensor_OfAMultidimensionalArray_HasItsShape()
    {
        Expect.Equal(new[,] { { 1f, 2, 3 }, { 4, 5, 6 } }, tensor(new[,] { { 1f, 2, 3 }, { 4, 5, 6 } }));
        Expect.Equal(new[,,] { { { 1L, 2 } }, { { 3, 4 } } }, tensor(new[,,] { { { 1L, 2 } }, { { 3, 4 } } }));
        Expect.Equal(new[,,,] { { { { 1.0 }, { 2 } } } }, tensor(new[,,,] { { { { 1.0 }, { 2 } } } }));
    }

    [Fact]
    public void Tensor_OfElementsAndDimensions_HasThatShape()
    {
        var elements = new[] { 1f, 2, 3, 4, 5, 6 };
        var expected = new[,] { { 1f, 2, 3 }, { 4, 5, 6 } };
        Expect.Equal(expected, tensor(elements, [2, 3]));
        Expect.Equal(expected, tensor(elements, 2, 3));
        Expect.Equal(expected, tensor(elements.ToList(), 2, 3));
        Expect.Equal(expected, tensor(new Memory<float>(elements), [2, 3]));
        Assert.Equal([1L, 2, 3], tensor(elements, 1, 2, 3).shape);
        Assert.Equal([1L, 2, 3, 1], tensor(elements, 1, 2, 3, 1).shape);
    }

    [Fact]
    public void Tensor_OfAList_IsTheSameAsOfAnArray() =>
        Expect.Equal(new[] { 3L, 1 }, tensor(new List<long> { 3, 1 }));

    [Fact]
    public void Tensor_WithType_Converts()
    {
        Expect.Equal(new[] { 1f, 2 }, tensor(new[] { 1L, 2 }, dtype: ScalarType.Float32));
        Expect.Equal(new[] { 1L, 2 }, tensor(new[] { 1.9, 2.9 }, dtype: ScalarType.Int64));
        Expect.Equal(new[] { false, true }, tensor(new[] { 0, 3 }, dtype: ScalarType.Bool));
    }

    [Fact]
    public void Tensor_OfAnArray_SharesNothingWithIt()
    {
        var source = new[] { 1f, 2 };
        var x = tensor(source);
        source[0] = 9;
        x[1] = tensor(8f);
        Expect.Equal(new[] { 1f, 8 }, x);
        Assert.Equal([9f, 2], source);
    }

    [Fact]
    public void Tensor_RequiringGrad_IsALeaf()
    {
        Assert.True(tensor(new[] { 1f }, requires_grad: true) is { requires_grad: true, is_leaf: true });
        Assert.True(tensor(1f, requires_grad: true) is { requires_grad: true, is_leaf: true });
    }

    [Fact]
    public void Tensor_OfAnEmptyArray_HasNoElements()
    {
        Expect.Equal(Array.Empty<float>(), tensor(Array.Empty<float>()));
        Assert.Equal([0L, 3], tensor(new float[0, 3]).shape);
    }

    [Fact]
    public void FromArray_TakesAnyRankAndType()
    {
        Expect.Equal(new[,] { { 1.0, 2 } }, from_array(new[,] { { 1.0, 2 } }));
        Expect.Equal(new[] { 1f, 2 }, from_array(new[] { 1L, 2 }, ScalarType.Float32));
        Expect.Equal(new[] { (Half)1, (Half)2 }, from_array(new[] { (Half)1, (Half)2 }));
    }

    [Fact]
    public void Numbers_ConvertToTensorsImplicitly()
    {
        Tensor whole = 3, exact = 3L, single = 1.5f, real = 2.5, truth = true;
        Expect.Scalar(3, whole);
        Expect.Scalar(3L, exact);
        Expect.Scalar(1.5f, single);
        Expect.Scalar(2.5, real);
        Expect.Scalar(true, truth);
    }

    [Fact]
    public void Arrays_ConvertToTensorsImplicitly()
    {
        Tensor x = new[] { 1f, 2 }, labels = new[] { 1L, 0 };
        Expect.Equal(new[] { 1f, 2 }, x);
        Expect.Equal(new[] { 1L, 0 }, labels);
    }

    [Fact]
    public void Tensors_ConvertToNumbersExplicitly()
    {
        var x = tensor(2.75f);
        Assert.Equal(2.75f, (float)x);
        Assert.Equal(2.75, (double)x);
        Assert.Equal(2, (int)tensor(2L));
        Assert.Equal(2L, (long)tensor(2));
        Assert.True((bool)tensor(true));
        Assert.Equal(3f, tensor(3L).ToSingle());
        Assert.Equal(3.0, tensor(3).ToDouble());
        Assert.Equal(3, tensor(3L).ToInt32());
        Assert.Equal(3L, tensor((short)3).ToInt64());
        Assert.False(tensor(false).ToBoolean());
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    public void Tensor_WhoseDimensionsDoNotHoldItsElements_Throws(long rows, long columns)
    {
        var error = Assert.Throws<ArgumentException>(() => tensor(new[] { 1f, 2 }, rows, columns));
        Assert.Equal($"mismatched total size creating a tensor from an array: {rows * columns} vs. 2", error.Message);
    }
}
