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
    public void Dropout_OfThreeQuarters_GivesOnlyZerosAndFours_AndSoDoesItsGradient()
    {
        manual_seed(5);
        using var layer = nn.Dropout(0.75);
        var x = ones(3, 9, requires_grad: true);
        var y = layer.call(x);
        y.sum().backward();
        var values = y.data<float>().ToArray();
        Assert.Equal([0f, 4f], values.Distinct().Order());
        Expect.Equal(values, x.grad!.flatten());
    }

    [Fact]
    public void Dropout2d_OnTwoImagesOfThreeChannels_EachChannelIsAllZeroOrAllTwo()
    {
        manual_seed(6);
        using var layer = nn.Dropout2d(0.5);
        var channels = layer.call(ones(2, 3, 2, 4)).data<float>().ToArray().Chunk(8).ToList();
        Assert.Equal(6, channels.Count);
        Assert.All(channels, channel => Assert.Single(channel.Distinct()));
        Assert.Equal([0f, 2f], channels.Select(channel => channel[0]).Distinct().Order());
    }

    [Fact]
    public void Dropout1d_DropsWholeChannels_AndTakesOnlyThreeDimensions()
    {
        manual_seed(7);
        using var layer = nn.Dropout1d(0.5);
        var sums = layer.call(ones(20, 8, 5)).sum(2L);
        Assert.True(sums.eq(0).logical_or(sums.eq(10)).all().ToBoolean());
        Assert.InRange(sums.eq(0).sum().ToInt64(), 50, 110);
        Assert.Throws<ArgumentException>(() => layer.call(ones(20, 8)));
        layer.eval();
        Assert.True(ones(2, 3, 4).Equals(layer.call(ones(2, 3, 4))));
    }

    [Fact]
    public void Dropout3d_DropsWholeChannels()
    {
        manual_seed(8);
        using var layer = nn.Dropout3d(0.5);
        var sums = layer.call(ones([20, 8, 2, 3, 2])).sum([2, 3, 4]);
        Assert.True(sums.eq(0).logical_or(sums.eq(24)).all().ToBoolean());
        Assert.InRange(sums.eq(0).sum().ToInt64(), 50, 110);
        layer.eval();
        Assert.True(ones([2, 3, 2, 2, 2]).Equals(layer.call(ones([2, 3, 2, 2, 2]))));
    }

    [Fact]
    public void TrainAndEval_OfAModel_ReachEveryDropoutInIt()
    {
        using var inner = nn.Dropout(0.5);
        using var outer = nn.Dropout(0.5);
        using var model = nn.Sequential(nn.Linear(4, 4), outer, nn.Sequential(nn.ReLU(), inner));
        Assert.True(model.training && outer.training && inner.training);
        model.eval();
        Assert.False(model.training || outer.training || inner.training);
        var x = ones(5, 4);
        Assert.True(model.call(x).Equals(model.call(x)));
        model.train();
        Assert.True(model.training && outer.training && inner.training);
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
