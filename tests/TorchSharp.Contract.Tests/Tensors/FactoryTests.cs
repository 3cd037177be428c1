using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Tensors;

public sealed class FactoryTests : ContractTest
{
    [Fact]
    public void Zeros_OfEveryShapeForm_HasThatShape()
    {
        long rows = 2;
        Assert.Equal([2L, 3], zeros(new long[] { 2, 3 }).shape);
        Assert.Equal([2L, 3], zeros([2, 3]).shape);
        Assert.Equal([2L], zeros(rows).shape);
        Assert.Equal([2L, 3], zeros(rows, 3L).shape);
        Assert.Equal([2L, 3, 4], zeros(2, 3, 4).shape);
        Assert.Equal([2L, 3, 4, 5], zeros(2, 3, 4, 5).shape);
        Assert.Empty(zeros(Array.Empty<long>()).shape);
    }

    [Fact]
    public void Zeros_WithoutType_IsFloat32OnCpu()
    {
        var x = zeros(2);
        Expect.Equal(new[] { 0f, 0f }, x);
        Assert.Equal(DeviceType.CPU, x.device_type);
        Assert.False(x.requires_grad);
        Assert.True(x.is_leaf);
        Assert.True(x.is_contiguous());
    }

    [Theory]
    [InlineData(ScalarType.Byte, 1)]
    [InlineData(ScalarType.Int8, 1)]
    [InlineData(ScalarType.Int16, 2)]
    [InlineData(ScalarType.Int32, 4)]
    [InlineData(ScalarType.Int64, 8)]
    [InlineData(ScalarType.Float16, 2)]
    [InlineData(ScalarType.BFloat16, 2)]
    [InlineData(ScalarType.Float32, 4)]
    [InlineData(ScalarType.Float64, 8)]
    [InlineData(ScalarType.Bool, 1)]
    public void Ones_OfEveryType_HasItsElementSize(ScalarType type, long size)
    {
        var x = ones(3, dtype: type);
        Assert.Equal(type, x.dtype);
        Assert.Equal(size, x.element_size());
        Assert.Equal(3, x.sum().ToDouble());
    }

    [Fact]
    public void Factory_RequiringGrad_IsALeafThatRequiresGrad()
    {
        var x = randn(2, 3, requires_grad: true);
        Assert.True(x.requires_grad);
        Assert.True(x.is_leaf);
        Assert.Null(x.grad);
    }

    [Fact]
    public void Empty_HasShapeAndType()
    {
        var x = empty(2, 0, dtype: ScalarType.Float64);
        Assert.Equal([2L, 0], x.shape);
        Assert.Equal(0, x.numel());
        Assert.Equal(ScalarType.Float64, x.dtype);
    }

    [Fact]
    public void Full_WithType_HoldsTheValue()
    {
        Expect.Equal(new[] { 2.5f, 2.5f }, full(2, 2.5, ScalarType.Float32));
        Expect.Equal(new[,] { { 7L, 7 } }, full(1, 2, 7, ScalarType.Int64));
        Expect.Equal(new[] { true }, full([1], true, ScalarType.Bool));
    }

    [Fact]
    public void Full_WithoutType_IsInt64OrTheDefaultType()
    {
        Expect.Equal(new[] { 7L }, full(1, 7));
        Expect.Equal(new[] { 2.5f }, full(1, 2.5));
        Expect.Equal(new[] { 1L }, full(1, true));
    }

    [Fact]
    public void Like_KeepsShapeAndTypeUnlessTold()
    {
        var x = zeros(2, 3, dtype: ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, ones_like(x).dtype);
        Assert.Equal(ScalarType.Int64, zeros_like(x, dtype: ScalarType.Int64).dtype);
        Assert.Equal([2L, 3], empty_like(x).shape);
        Assert.Equal(6.0, ones_like(x).sum().item<double>());
        Assert.Equal(15.0, full_like(x, 2.5).sum().item<double>());
        Assert.Equal(ScalarType.Float64, rand_like(x).dtype);
        Assert.True(zeros_like(x, requires_grad: true).requires_grad);
    }

    [Fact]
    public void Arange_OfIntegers_IsInt64()
    {
        Expect.Equal(new[] { 0L, 1, 2 }, arange(3));
        Expect.Equal(new[] { 2L, 3 }, arange(2, 4));
        Expect.Equal(new[] { 5L, 3, 1 }, arange(5, 0, -2));
    }

    [Fact]
    public void Arange_OfFractions_IsFloat32()
    {
        Expect.Equal(new[] { 0f, 0.5f, 1f }, arange(0f, 1.5f, 0.5f));
        Expect.Equal(new[] { 0f, 0.5f }, arange(0.0, 1.0, 0.5));
    }

    [Fact]
    public void Arange_OfAType_IsOfThatType()
    {
        Expect.Equal(new[] { 0f, 1, 2 }, arange(3, dtype: ScalarType.Float32));
        Expect.Equal(new[] { 1.0, 2 }, arange(1, 3, dtype: ScalarType.Float64));
    }

    [Fact]
    public void Linspace_HasBothEnds() => Expect.Equal(new[] { 0f, 0.25f, 0.5f, 0.75f, 1f }, linspace(0, 1, 5));

    [Fact]
    public void Eye_IsSquareUnlessTold()
    {
        Expect.Equal(new[,] { { 1f, 0 }, { 0, 1 } }, eye(2));
        Expect.Equal(new[,] { { 1f, 0, 0 }, { 0, 1, 0 } }, eye(2, 3));
    }

    [Fact]
    public void Rand_LiesInTheHalfOpenUnitInterval()
    {
        var x = rand(1000, generator: new Generator(1));
        Assert.True(x.min().item<float>() >= 0);
        Assert.True(x.max().item<float>() < 1);
        Assert.InRange(x.mean().item<float>(), 0.4f, 0.6f);
    }

    [Fact]
    public void Randn_HasMeanZeroAndVarianceOne()
    {
        var x = randn([10_000], dtype: ScalarType.Float64, generator: new Generator(1));
        Assert.InRange(x.mean().item<double>(), -0.05, 0.05);
        Assert.InRange(x.var().item<double>(), 0.93, 1.07);
    }

    [Fact]
    public void Randint_LiesInTheHalfOpenRange()
    {
        var x = randint(3, 6, new long[] { 1000 });
        Assert.Equal(ScalarType.Int64, x.dtype);
        Assert.Equal(3, x.min().item<long>());
        Assert.Equal(5, x.max().item<long>());
        Assert.Equal([2L, 2], randint(5, [2, 2]).shape);
        Assert.Equal(ScalarType.Int32, randint(9, new long[] { 4 }, dtype: ScalarType.Int32).dtype);
    }

    [Fact]
    public void Randperm_IsAPermutation()
    {
        var order = randperm(50).data<long>().ToArray();
        Assert.NotEqual(Enumerable.Range(0, 50).Select(i => (long)i), order);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), order.Order());
    }
}
