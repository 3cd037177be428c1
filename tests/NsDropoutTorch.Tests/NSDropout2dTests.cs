using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

public class NSDropout2dTests
{
    [Fact]
    public void Train_MasksChannelsBySpatialMeans()
    {
        using var scope = NewDisposeScope();
        var (x, xv) = (Images(1, 20), Images(2, 15));
        var (y, yv) = (Data.Labels(new Random(1), 20, 3), Data.Labels(new Random(2), 15, 3));
        using var layer = torch.nn.NSDropout2d(6, 3, 0.3);
        layer.CacheValidation(xv, tensor(yv));
        var output = layer.forward(x, tensor(y));

        var masks = SlowNSDropout.Masks(SpatialMeans(x), y, SpatialMeans(xv), yv, 3, 0.3);
        Assert.Equal(masks, Layers.Masks(layer));
        var (input, actual) = (Data.Values(x), Data.Values(output));
        for (var i = 0; i < input.Length; i++)
            Assert.Equal(masks[y[i / 72]][i / 12 % 6] ? input[i] * 6 / 4 : 0, actual[i], 1e-12);
    }

    [Fact]
    public void Train_NoCacheYet_DropsWholeChannels()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout2d(6, 3, 0.5);
        var output = Data.Values(layer.forward(ones(new long[] { 10, 6, 3, 4 }), Layers.Balanced(10, 3)));
        Assert.All(output.Chunk(12), channel => Assert.True(channel.All(v => v == 0) || channel.All(v => v == 2)));
        Assert.Contains(0, output);
        Assert.Contains(2, output);
    }

    [Fact]
    public void Train_Gradient_IsTheMaskTimesScale()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout2d(6, 3, 0.5);
        layer.CacheValidation(Images(2, 15), Layers.Balanced(15, 3));
        var x = Images(1, 20).requires_grad_();
        var output = layer.forward(x, Layers.Balanced(20, 3));
        output.sum().backward();
        Data.AssertClose([.. Data.Values(x.grad!).Zip(Data.Values(x), (g, v) => g * v)], output, 1e-12);
    }

    [Fact]
    public void Capture_InAConvolutionalModel_TakesSpatialMeans()
    {
        using var scope = NewDisposeScope();
        var layer = torch.nn.NSDropout2d(6, 3, 0.5);
        using var model = torch.nn.Sequential(torch.nn.Identity(), layer, torch.nn.Flatten());
        model.eval();
        var (x, labels) = (Images(3, 9), Layers.Balanced(9, 3));
        using (LabelScope.Use(labels))
            Layers.Capture(model, () => Assert.Equal([9, 72], model.call(x).shape));

        var means = SpatialMeans(x);
        var expected = Enumerable.Range(0, 3).SelectMany(c => SlowNSDropout.ClassMean(means, Data.Integers(labels), c, out _));
        Data.AssertClose([.. expected], layer.validation_means, 1e-12);
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void CacheValidation_HalfPrecision_AveragesInFloat32(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout2d(1, 1, 0.5);
        // A sum of 300² times 2 exceeds what float16 can hold.
        layer.CacheValidation(full([1, 1, 300, 300], 2, dtype), zeros(1, ScalarType.Int64));
        Assert.Equal([2], Data.Values(layer.validation_means));
    }

    [Theory]
    [InlineData(new long[] { 2, 6 }, "[2, 6]")]
    [InlineData(new long[] { 6, 3, 4 }, "[6, 3, 4]")]
    [InlineData(new long[] { 2, 5, 3, 4 }, "[2, 5, 3, 4]")]
    public void Forward_WrongShape_Throws(long[] shape, string received)
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout2d(6, 3);
        var error = Assert.Throws<ArgumentException>(() => layer.forward(ones(shape), Layers.Balanced(shape[0], 3)));
        Assert.StartsWith($"input must have shape [N, 6, H, W], but got {received}.", error.Message, StringComparison.Ordinal);
    }

    private static Tensor Images(int seed, int count) => Data.Normal(seed, count, 72).view(count, 6, 3, 4);

    private static double[,] SpatialMeans(Tensor images)
    {
        var values = Data.Values(images);
        var means = new double[images.shape[0], 6];
        for (var i = 0; i < values.Length; i++)
            means[i / 72, i / 12 % 6] += values[i] / 12;
        return means;
    }
}
