using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Dropouts;

/// <summary>Convolutions that drop weights, and the wrapper that does so with modules of TorchSharp.</summary>
public class DropConnectConvTests
{
    private const double P = 0.3;

    [Theory]
    [InlineData(1, 0, 1, 1)]
    [InlineData(2, 1, 1, 2)]
    [InlineData(1, 2, 2, 1)]
    [InlineData(3, 2, 2, 2)]
    public void Train2d_AgreesWithTheOracle(int stride, int padding, int dilation, int groups)
    {
        using var scope = NewDisposeScope();
        manual_seed(6);
        using var layer = torch.nn.DropConnectConv2d(4, 6, 3, P, stride, padding, dilation, groups, dtype: ScalarType.Float64);
        var x = Data.Normal(1, 1, 4 * 7 * 8).reshape(1, 4, 7, 8);
        var (output, kept) = WithMask(layer, layer.weight, x);
        var (w, values, perGroup) = (Data.Values(layer.weight), Data.Values(x), 4 / groups);
        int Weight(int o, int c, int u, int v) => (((((o * perGroup) + c) * 3) + u) * 3) + v;
        Data.AssertClose(
            SlowSiblings.Convolution(
                (c, row, column) => values[(((c * 7) + row) * 8) + column], (4, 7, 8), (o, c, u, v) => w[Weight(o, c, u, v)], (6, 3, 3), Data.Values(layer.bias!),
                (o, c, u, v) => kept[Weight(o, c, u, v)] != 0, P, (stride, stride), (padding, padding), (dilation, dilation), groups),
            output, 1e-13);
        Assert.Contains(0, kept);
        Assert.Contains(1, kept);
    }

    [Theory]
    [InlineData(1, 0, 1, 1)]
    [InlineData(2, 2, 2, 2)]
    public void Train1d_AgreesWithTheOracle(int stride, int padding, int dilation, int groups)
    {
        using var scope = NewDisposeScope();
        manual_seed(6);
        using var layer = torch.nn.DropConnectConv1d(4, 6, 3, P, stride, padding, dilation, groups, bias: false, dtype: ScalarType.Float64);
        var x = Data.Normal(1, 1, 4 * 9).reshape(1, 4, 9);
        var (output, kept) = WithMask(layer, layer.weight, x);
        var (w, values, perGroup) = (Data.Values(layer.weight), Data.Values(x), 4 / groups);
        Data.AssertClose(
            SlowSiblings.Convolution(
                (c, _, column) => values[(c * 9) + column], (4, 1, 9), (o, c, _, v) => w[(((o * perGroup) + c) * 3) + v], (6, 1, 3), null,
                (o, c, _, v) => kept[(((o * perGroup) + c) * 3) + v] != 0, P, (1, stride), (0, padding), (1, dilation), groups),
            output, 1e-13);
    }

    /// <summary>Each sample by kernels of its own, in loops.</summary>
    [Theory]
    [InlineData(1, 0, 1, 1, true)]
    [InlineData(2, 1, 1, 2, false)]
    [InlineData(3, 2, 2, 2, true)]
    public void Train2d_MaskOfEachSample_AgreesWithTheOracle(int stride, int padding, int dilation, int groups, bool bias)
    {
        const int samples = 3;
        using var scope = NewDisposeScope();
        manual_seed(6);
        using var layer = torch.nn.DropConnectConv2d(4, 6, 3, P, stride, padding, dilation, groups, bias, per_sample: true, dtype: ScalarType.Float64);
        var x = Data.Normal(1, samples, 4 * 7 * 8).reshape(samples, 4, 7, 8);
        manual_seed(5);
        var kept = Data.Values(DropConnectMath.Mask(layer.weight, P, samples));
        manual_seed(5);
        var output = layer.call(x);
        var (w, values, perGroup, b) = (Data.Values(layer.weight), Data.Values(x), 4 / groups, layer.bias is { } offset ? Data.Values(offset) : null);
        int Weight(int o, int c, int u, int v) => (((((o * perGroup) + c) * 3) + u) * 3) + v;
        for (var n = 0; n < samples; n++)
        {
            var sample = n;
            Data.AssertClose(
                SlowSiblings.Convolution(
                    (c, row, column) => values[(((((sample * 4) + c) * 7) + row) * 8) + column], (4, 7, 8), (o, c, u, v) => w[Weight(o, c, u, v)], (6, 3, 3), b,
                    (o, c, u, v) => kept[(sample * w.Length) + Weight(o, c, u, v)] != 0, P, (stride, stride), (padding, padding), (dilation, dilation), groups),
                output[n], 1e-13);
        }

        Assert.True(layer.DrawsForEachRow);
        Assert.False(kept.AsSpan(0, w.Length).SequenceEqual(kept.AsSpan(w.Length, w.Length)));
    }

    /// <summary>One convolution of a pixel by a weight is that weight's factor: mean 1, variance p/(1−p), and no correlation between samples; within four standard errors.</summary>
    [Fact]
    public void Train_MaskOfEachSample_DrawsSamplesByThemselves()
    {
        const int samples = 20_000;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        manual_seed(7);
        using var layer = torch.nn.DropConnectConv1d(1, 1, 1, P, bias: false, per_sample: true, dtype: ScalarType.Float64);
        layer.weight.fill_(1);
        var factors = Data.Values(layer.call(ones([samples, 1, 1], ScalarType.Float64)));
        var (mean, deviation) = (factors.Average(), Math.Sqrt(P / (1 - P)));
        Assert.InRange(mean, 1 - (4 * deviation / Math.Sqrt(samples)), 1 + (4 * deviation / Math.Sqrt(samples)));
        Assert.Equal([0, 1 / (1 - P)], factors.Distinct().Order().ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
        var correlation = factors.Zip(factors.Skip(1), (a, b) => (a - 1) * (b - 1)).Sum() / (samples * deviation * deviation);
        Assert.InRange(correlation, -4 / Math.Sqrt(samples), 4 / Math.Sqrt(samples));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Constructor_SameSeed_DrawsTheParametersOfTheConvolution(int rank)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using nn.Module<Tensor, Tensor> convolution = rank == 1 ? torch.nn.Conv1d(4, 6, 3, groups: 2) : torch.nn.Conv2d(4, 6, 3, groups: 2);
        manual_seed(3);
        using DropConnectConvModule layer = rank == 1 ? torch.nn.DropConnectConv1d(4, 6, 3, groups: 2) : torch.nn.DropConnectConv2d(4, 6, 3, groups: 2);
        Assert.Equal(convolution.state_dict().Keys, layer.state_dict().Keys);
        Assert.All(convolution.state_dict(), e => Assert.True(Data.SameBits(e.Value, layer.state_dict()[e.Key]), e.Key));
        layer.eval();
        var x = rank == 1 ? rand(2, 4, 7) : rand([2, 4, 7, 6]);
        Assert.True(Data.SameBits(convolution.call(x), layer.call(x)));
    }

    /// <summary>Mean weights are exact for a linear map: each element within 4 standard errors of the mean of training outputs.</summary>
    [Fact]
    public void Eval_IsTheMeanOfTrainingOutputs()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        manual_seed(21);
        using var layer = torch.nn.DropConnectConv2d(2, 3, 2, P, dtype: ScalarType.Float64);
        var x = Data.Normal(1, 1, 18).reshape(1, 2, 3, 3);
        var outputs = stack(Enumerable.Range(0, 20_000).Select(_ => layer.call(x).flatten()).ToList());
        var (mean, deviation) = (Data.Values(outputs.mean([0L])), Data.Values(outputs.std(0L)));
        layer.eval();
        var expected = Data.Values(layer.call(x));
        for (var i = 0; i < mean.Length; i++) Assert.InRange((mean[i] - expected[i]) / (deviation[i] / Math.Sqrt(20_000)), -4, 4);
    }

    [Theory]
    [InlineData(0, 2, 1, 1, 0, 1, 1, "in_channels must be at least 1, but got 0.")]
    [InlineData(2, 0, 1, 1, 0, 1, 1, "out_channels must be at least 1, but got 0.")]
    [InlineData(2, 2, 0, 1, 0, 1, 1, "kernel_size must be at least 1, but got 0.")]
    [InlineData(2, 2, 1, 0, 0, 1, 1, "stride must be at least 1, but got 0.")]
    [InlineData(2, 2, 1, 1, -1, 1, 1, "padding must be at least 0, but got -1.")]
    [InlineData(2, 2, 1, 1, 0, 0, 1, "dilation must be at least 1, but got 0.")]
    [InlineData(2, 2, 1, 1, 0, 1, 0, "groups must be at least 1, but got 0.")]
    [InlineData(4, 6, 1, 1, 0, 1, 4, "groups must divide in_channels and out_channels, but got 4 for 4 and 6.")]
    public void Constructor_SizeOutOfRange_SaysTheRule(long inputs, long outputs, long kernel, long stride, long padding, long dilation, long groups, string message)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => torch.nn.DropConnectConv2d(inputs, outputs, kernel, P, stride, padding, dilation, groups));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Wrappable => [.. Modules.Keys];

    // Each with the shape of an input. What TorchSharp computes with weights that are masked beforehand is the oracle.
    private static readonly Dictionary<string, (Func<nn.Module<Tensor, Tensor>> Make, long[] Shape)> Modules = new(StringComparer.Ordinal)
    {
        ["Linear"] = (() => torch.nn.Linear(6, 4, dtype: ScalarType.Float64), [5, 6]),
        ["Linear of sequences, no bias"] = (() => torch.nn.Linear(6, 4, hasBias: false, dtype: ScalarType.Float64), [5, 3, 6]),
        ["Conv1d"] = (() => torch.nn.Conv1d(2, 4, 3, stride: 2, padding: 1, dtype: ScalarType.Float64), [5, 2, 8]),
        ["Conv2d"] = (() => torch.nn.Conv2d(2, 4, (3, 2), (2, 1), (2, 1), (1, 2), groups: 2, dtype: ScalarType.Float64), [5, 2, 6, 7]),
        ["Conv2d, reflected"] = (() => torch.nn.Conv2d(2, 4, (3, 5), null, (1, 2), null, PaddingModes.Reflect, dtype: ScalarType.Float64), [5, 2, 6, 7]),
        ["Conv2d, circular"] = (() => torch.nn.Conv2d(2, 4, (3, 5), null, (1, 2), null, PaddingModes.Circular, dtype: ScalarType.Float64), [5, 2, 6, 7]),
        ["Conv2d, same size"] = (() => torch.nn.Conv2d(2, 4, (4, 3), Padding.Same, dtype: ScalarType.Float64), [5, 2, 6, 7]),
        ["Conv2d, valid"] = (() => torch.nn.Conv2d(2, 4, 3, Padding.Valid, dtype: ScalarType.Float64), [5, 2, 6, 7]),
        ["Conv3d"] = (() => torch.nn.Conv3d(2, 4, 3, padding: 1, dtype: ScalarType.Float64), [2, 2, 4, 5, 3]),
    };

    [Theory, MemberData(nameof(Wrappable))]
    public void WeightDrop_Train_IsTheModuleWithMaskedWeights(string name)
    {
        using var scope = NewDisposeScope();
        var (make, shape) = Modules[name];
        manual_seed(3);
        var module = make();
        using var layer = torch.nn.WeightDrop(module, P);
        var weight = (Parameter)layer.get_parameter("module.weight")!;
        var x = rand(shape, ScalarType.Float64);
        var (output, kept) = WithMask(layer, weight, x);
        layer.eval();
        Assert.True(Data.SameBits(module.call(x), layer.call(x)));

        using (no_grad()) weight.mul_(tensor(kept).reshape(weight.shape).div(1 - P));
        Data.AssertClose(Data.Values(module.call(x)), output, 1e-13);
        Assert.Contains(0, kept);
    }

    [Fact]
    public void WeightDrop_OfLinear_IsDropConnectLinear()
    {
        using var scope = NewDisposeScope();
        using var connect = torch.nn.DropConnectLinear(6, 4, P, dtype: ScalarType.Float64);
        var linear = torch.nn.Linear(6, 4, dtype: ScalarType.Float64);
        linear.load_state_dict(connect.state_dict());
        using var layer = torch.nn.WeightDrop(linear, P);
        Assert.Equal(["module.weight", "module.bias"], layer.state_dict().Keys);
        var x = Data.Normal(1, 5, 6);
        manual_seed(4);
        var expected = Data.Values(connect.call(x));
        manual_seed(4);
        Data.AssertClose(expected, layer.call(x), 1e-14);
    }

    [Fact]
    public void WeightDrop_ModuleThatComputesByItself_SaysTheRuleAndTheRepair()
    {
        using var embedding = torch.nn.Embedding(4, 3);
        using var transposed = torch.nn.ConvTranspose2d(2, 2, 3);
        AssertRefused(embedding, "module must be a Linear, Conv1d, Conv2d or Conv3d, but got Embedding: use EmbeddingDropout, which drops words.");
        AssertRefused(
            transposed,
            "module must be a Linear, Conv1d, Conv2d or Conv3d, but got ConvTranspose2d: TorchSharp takes the weights of others from where they are. Drop what goes in or out of it, by nn.FastDropout or nn.LockedDropout.");

        static void AssertRefused(nn.Module<Tensor, Tensor> module, string message) =>
            Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => torch.nn.WeightDrop(module)).Message, StringComparison.Ordinal);
    }

    // The mask that a seed gives, and the output for the same seed.
    private static (Tensor Output, double[] Kept) WithMask(DropoutModule layer, Tensor weight, Tensor x)
    {
        manual_seed(5);
        var kept = Data.Values(DropConnectMath.Mask(weight, P));
        manual_seed(5);
        return (layer.call(x), kept);
    }
}
