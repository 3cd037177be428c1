using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Layers;

public sealed class DropoutTests : ContractTest
{
    [Fact]
    public void Dropout_InTraining_DropsAndScales()
    {
        manual_seed(1);
        using var layer = nn.Dropout(0.25);
        var y = layer.call(ones(10_000));
        Assert.InRange(y.eq(0).sum().ToDouble() / 10_000, 0.22, 0.28);
        Assert.True(y.eq(0).logical_or(y.eq((float)(1 / 0.75))).all().ToBoolean());
    }

    [Fact]
    public void Dropout_InEval_IsTheIdentity()
    {
        using var layer = nn.Dropout();
        layer.eval();
        var x = Seeded.Tensor(1, 20);
        var y = layer.call(x);
        Assert.True(x.Equals(y));
        Assert.NotSame(x, y);
        Assert.True(x.Equals(nn.functional.dropout(x, 0.5, training: false)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Dropout_OfNoneOrAll_IsExact(double p, float expected)
    {
        using var layer = nn.Dropout(p);
        Expect.Equal(new[] { expected, expected }, layer.call(ones(2)));
    }

    [Fact]
    public void Dropout_OfAnImpossibleRate_Throws() =>
        Expect.NativeError("dropout probability has to be between 0 and 1, but got", () => nn.functional.dropout(ones(2), 1.5));

    [Fact]
    public void Dropout_InPlace_ChangesItsInput()
    {
        using var layer = nn.Dropout(1, inplace: true);
        var x = ones(2);
        layer.call(x);
        Expect.Equal(new[] { 0f, 0 }, x);
    }

    [Fact]
    public void Dropout_PassesGradientsThroughItsMask()
    {
        manual_seed(2);
        using var layer = nn.Dropout(0.5);
        var x = ones(100, requires_grad: true);
        var y = layer.call(x);
        y.sum().backward();
        Assert.True(y.detach().Equals(x.grad!));
    }

    [Fact]
    public void Dropout2d_DropsWholeChannels()
    {
        manual_seed(3);
        using var layer = nn.Dropout2d(0.5);
        var y = layer.call(ones(20, 8, 3, 3));
        var sums = y.sum([2, 3]);
        Assert.True(sums.eq(0).logical_or(sums.eq(18)).all().ToBoolean());
        Assert.InRange(sums.eq(0).sum().ToInt64(), 50, 110);
    }

    [Fact]
    public void AlphaDropout_KeepsMeanAndVariance()
    {
        manual_seed(4);
        using var layer = nn.AlphaDropout(0.3);
        var y = layer.call(randn(100_000));
        Assert.InRange(y.mean().item<float>(), -0.03f, 0.03f);
        Assert.InRange(y.std().item<float>(), 0.95f, 1.05f);
        layer.eval();
        Expect.Equal(new[] { 1f }, layer.call(ones(1)));
    }
}
