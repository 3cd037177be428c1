using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Tensors;

public sealed class ConversionTests : ContractTest
{
    [Fact]
    public void To_AnotherType_Converts()
    {
        var x = tensor(new[] { 1.7, -1.7, 0 });
        Expect.Equal(new[] { 1.7f, -1.7f, 0 }, x.to(ScalarType.Float32));
        Expect.Equal(new[] { 1L, -1, 0 }, x.to(ScalarType.Int64));
        Expect.Equal(new[] { true, true, false }, x.to(ScalarType.Bool));
        Assert.Equal(ScalarType.Float64, x.dtype);
    }

    [Fact]
    public void To_TheSameType_IsAnotherWrapperOfTheSameElements()
    {
        var x = tensor(new[] { 1f });
        var same = x.to(ScalarType.Float32);
        Assert.NotSame(x, same);
        x.fill_(2);
        Expect.Equal(new[] { 2f }, same);
    }

    [Fact]
    public void To_WithCopy_HasElementsOfItsOwn()
    {
        var x = tensor(new[] { 1f });
        var copies = new[] { x.to(ScalarType.Float32, copy: true), x.to(CPU, copy: true), x.to(ScalarType.Float32, CPU, copy: true) };
        x.fill_(2);
        Assert.All(copies, copy => Expect.Equal(new[] { 1f }, copy));
    }

    [Fact]
    public void To_WithDisposeAfter_DisposesTheSource()
    {
        var x = tensor(new[] { 1f });
        var y = x.to(ScalarType.Float64, disposeAfter: true);
        Assert.True(x.IsInvalid);
        Expect.Equal(new[] { 1.0 }, y);
        var z = y.to(ScalarType.Float64, disposeAfter: true);
        Assert.True(y.IsInvalid);
        Expect.Equal(new[] { 1.0 }, z);
    }

    [Fact]
    public void To_ADevice_TakesEveryForm()
    {
        var x = tensor(new[] { 1f });
        Tensor[] moved = [x.to(CPU), x.to("cpu"), x.to(DeviceType.CPU), x.to(ScalarType.Float32, CPU), x.cpu(), x.to(x)];
        Assert.All(moved, y =>
        {
            Assert.NotSame(x, y);
            Expect.Equal(new[] { 1f }, y);
        });
    }

    [Fact]
    public void To_AnotherTensor_TakesItsType() =>
        Assert.Equal(ScalarType.Float64, tensor(new[] { 1 }).to(zeros(1, dtype: ScalarType.Float64)).dtype);

    [Fact]
    public void NamedConversions_AreTo()
    {
        var x = tensor(new[] { 1.0 });
        Assert.Equal(ScalarType.Float32, x.@float().dtype);
        Assert.Equal(ScalarType.Float64, x.@float().@double().dtype);
        Assert.Equal(ScalarType.Int64, x.@long().dtype);
        Assert.Equal(ScalarType.Int32, x.@int().dtype);
        Assert.Equal(ScalarType.Bool, x.@bool().dtype);
        Assert.Equal(ScalarType.Byte, x.@byte().dtype);
        Assert.Equal(ScalarType.Float16, x.half().dtype);
        Assert.Equal(ScalarType.BFloat16, x.bfloat16().dtype);
        Assert.Equal(ScalarType.Int16, x.to_type(ScalarType.Int16).dtype);
        Assert.Equal(ScalarType.Int32, x.type(ScalarType.Int32).dtype);
        Assert.Equal(ScalarType.Int64, x.type_as(zeros(1, dtype: ScalarType.Int64)).dtype);
    }

    [Fact]
    public void To_KeepsTheGraph()
    {
        var x = ones(2, requires_grad: true);
        x.to(ScalarType.Float64).sum().backward();
        Expect.Equal(new[] { 1f, 1 }, x.grad!);
    }

    [Fact]
    public void Copy_ConvertsBroadcastsAndReturnsItself()
    {
        var x = zeros(2, 2);
        Assert.Same(x, x.copy_(tensor(new[] { 1L, 2 })));
        Expect.Equal(new[,] { { 1f, 2 }, { 1, 2 } }, x);
    }

    [Fact]
    public void TypeQuestions_AreAnswered()
    {
        Assert.True(zeros(1).is_floating_point());
        Assert.False(zeros(1, dtype: ScalarType.Int64).is_floating_point());
        Assert.True(is_integral(ScalarType.Bool));
        Assert.False(is_integral(ScalarType.Float32));
        Assert.True(is_floating_point(ScalarType.BFloat16));
        Assert.False(zeros(1).is_cuda);
    }
}
