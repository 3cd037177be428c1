using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Layers;

public sealed class ConvolutionTests : ContractTest
{
    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(1, 2, 2)]
    public void Conv2d_MatchesALoop(long stride, long padding, long dilation)
    {
        using var layer = nn.Conv2d(2, 3, 2, stride, padding, dilation, dtype: ScalarType.Float64);
        var x = Seeded.Tensor(2, 1, 2, 5, 4);
        Expect.Near(Loop(x, layer.weight, layer.bias!, stride, padding, dilation), layer.call(x), 1e-13);
        Assert.True(layer.call(x).allclose(nn.functional.conv2d(
            x, layer.weight, layer.bias, [stride, stride], [padding, padding], [dilation, dilation])));
    }

    [Fact]
    public void Conv2d_HasItsShapes()
    {
        using var layer = nn.Conv2d(4, 6, 3, groups: 2, bias: false);
        Assert.Equal([6L, 2, 3, 3], layer.weight.shape);
        Assert.Null(layer.bias);
        Assert.Equal([1L, 6, 3, 2], layer.call(zeros(1, 4, 5, 4)).shape);
        using var oblong = nn.Conv2d(1, 1, (2, 3));
        Assert.Equal([1L, 1, 2, 3], oblong.weight.shape);
    }

    [Fact]
    public void Conv2d_StartsUniformlyWithinTheRootOfItsFan()
    {
        manual_seed(1);
        using var layer = nn.Conv2d(4, 100, 5);
        Assert.InRange(layer.weight.abs().max().item<float>(), 0.0995f, 0.1f);
        Assert.InRange(layer.bias!.abs().max().item<float>(), 0.09f, 0.1f);
    }

    [Fact]
    public void Conv1d_MatchesALoop()
    {
        using var layer = nn.Conv1d(1, 1, 2, dtype: ScalarType.Float64);
        var w = layer.weight.data<double>().ToArray();
        var b = layer.bias!.item<double>();
        Expect.Near([b + w[0] + (2 * w[1]), b + (2 * w[0]) + (4 * w[1])], layer.call(tensor(new[,,] { { { 1.0, 2, 4 } } })), 1e-14);
    }

    [Fact]
    public void Pooling_TakesTheGreatestOrTheMean()
    {
        var x = arange(16, dtype: ScalarType.Float32).reshape(1, 1, 4, 4);
        Expect.Equal(new[,,,] { { { { 5f, 7 }, { 13, 15 } } } }, nn.MaxPool2d(2).call(x));
        Expect.Equal(new[,,,] { { { { 5f, 6, 7 }, { 9, 10, 11 }, { 13, 14, 15 } } } }, nn.MaxPool2d(2, stride: 1).call(x));
        Expect.Equal(new[,,,] { { { { 2.5f, 4.5f }, { 10.5f, 12.5f } } } }, nn.AvgPool2d(2).call(x));
        Expect.Equal(new[,,,] { { { { 7.5f } } } }, nn.AdaptiveAvgPool2d(1).call(x));
        Expect.Equal(new[,,,] { { { { 5f, 7 }, { 13, 15 } } } }, nn.functional.max_pool2d(x, 2));
    }

    [Fact]
    public void Pad_AddsAround() =>
        Expect.Equal(new[,] { { 0f, 1, 2, 0 } }, nn.functional.pad(tensor(new[,] { { 1f, 2 } }), (1, 1)));

    private static double[] Loop(Tensor x, Tensor weight, Tensor bias, long stride, long padding, long dilation)
    {
        double At(long c, long h, long w) =>
            h < 0 || w < 0 || h >= x.size(2) || w >= x.size(3) ? 0 : x.data<double>()[0, c, h, w];

        var results = new List<double>();
        for (long o = 0; o < weight.size(0); o++)
        {
            for (var h = -padding; h + dilation < x.size(2) + padding; h += stride)
            {
                for (var w = -padding; w + dilation < x.size(3) + padding; w += stride)
                {
                    var sum = bias.data<double>()[o];
                    for (long k = 0; k < 8; k++)
                    {
                        var (c, i, j) = (k / 4, k / 2 % 2, k % 2);
                        sum += weight.data<double>()[o, c, i, j] * At(c, h + (i * dilation), w + (j * dilation));
                    }

                    results.Add(sum);
                }
            }
        }

        return [.. results];
    }
}
