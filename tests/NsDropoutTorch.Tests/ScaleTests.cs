using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>What is kept makes up for what was really dropped, on every path that applies class masks.</summary>
public class ScaleTests
{
    private static readonly NSDropoutOptions Reference = NSDropoutOptions.Reference;

    public static TheoryData<string, Func<double, NSDropoutModule>> Paths() => new()
    {
        { "default", p => torch.nn.NSDropout(8, 3, p) },
        { "absolute", p => torch.nn.NSDropout(8, 3, p, new NSDropoutOptions { AbsoluteGap = true }) },
        { "keep largest", p => torch.nn.NSDropout(8, 3, p, new NSDropoutOptions { KeepLargest = true }) },
        { "shared", p => torch.nn.NSDropout(8, 3, p, new NSDropoutOptions { SharedMask = true }) },
        { "momentum", p => torch.nn.NSDropout(8, 3, p, new NSDropoutOptions { Momentum = 0.5 }) },
        { "gradient unscaled", p => torch.nn.NSDropout(8, 3, p, new NSDropoutOptions { ScaleBackward = false }) },
        { "channels", p => torch.nn.NSDropout2d(8, 3, p) },
    };

    [Theory, MemberData(nameof(Paths))]
    public void Train_NothingIsDropped_IsTheInput(string name, Func<double, NSDropoutModule> make)
    {
        using var scope = NewDisposeScope();
        using var layer = make(0.05);
        var (x, labels) = (Input(layer, 1), Layers.Balanced(9, 3));
        layer.CacheValidation(Input(layer, 2), labels);
        Assert.True(Data.SameBits(x, layer.forward(x, labels)), name);
        layer.eval();
        foreach (var mode in Enum.GetValues<EvalMode>())
        {
            layer.EvalMode = mode;
            Assert.True(Data.SameBits(x, layer.forward(x, labels)), $"{name}, {mode}");
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Train_KAreDropped_OthersAreMultipliedByFOverFMinusK(string name, Func<double, NSDropoutModule> make)
    {
        using var scope = NewDisposeScope();
        using var layer = make(0.3);
        var (x, labels) = (Input(layer, 1), Layers.Balanced(9, 3));
        layer.CacheValidation(Input(layer, 2), labels);
        Assert.True(Factors(layer.forward(x, labels), x).SequenceEqual([0, Math.Round(8 / 6.0, 12)]), name);
    }

    [Fact]
    public void Train_Factors_HaveMeanOneInEveryRowUnlessAllAreDropped() => RandomCase.Check(c =>
    {
        using var scope = NewDisposeScope();
        var (x, y, xv, yv) = c.Draw();
        using var layer = torch.nn.NSDropout(c.Features, c.Classes, c.P);
        layer.CacheValidation(Data.Matrix(xv), tensor(yv));
        layer.forward(Data.Matrix(x), tensor(y));
        layer.eval();
        layer.EvalMode = EvalMode.LabelMask;
        var labels = arange(c.Classes, ScalarType.Int64);
        var means = Data.Values(layer.forward(ones(c.Classes, c.Features, ScalarType.Float64), labels).mean([1L]));
        var isAllDropped = Layers.Masks(layer).Select(mask => !mask.Contains(true));
        return means.Zip(isAllDropped, (mean, none) => Math.Abs(mean - (none ? 0 : 1)) < 1e-12).All(holds => holds);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_ClassWithoutAMask_PassesUntilItHasOne(bool scaleBackward)
    {
        using var scope = NewDisposeScope();
        using var layer = OneClassMasked(new NSDropoutOptions { ScaleBackward = scaleBackward });
        var x = Data.Normal(3, 4, 8).requires_grad_();
        var labels = tensor(new long[] { 0, 1, 2, 0 });
        var output = layer.forward(x, labels);
        output.sum().backward();
        Assert.Equal(Data.Values(x[1..3]), Data.Values(output[1..3]));
        Assert.All(Data.Values(x.grad![1..3]), value => Assert.Equal(1, value));
        Assert.Equal([0, scaleBackward ? 8.0 / 6 : 1], Data.Values(x.grad[0]).Distinct().Order());

        layer.CacheValidation(Data.Normal(4, 9, 8), Layers.Balanced(9, 3));
        output = layer.forward(x, labels);
        Data.AssertClose(Data.Flat(SlowNSDropout.Multiply((double[,])x.detach().data<double>().ToNDArray(), [0, 1, 2, 0], Layers.Masks(layer), 8.0 / 6)), output, 1e-14);
    }

    [Fact]
    public void Train_ClassWithoutAMask_InChannels_Passes()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout2d(8, 3, 0.3, new NSDropoutOptions { ScaleBackward = false });
        layer.CacheValidation(Input(layer, 1), zeros(9, ScalarType.Int64));
        var x = Input(layer, 2);
        var output = layer.forward(x, Layers.Balanced(9, 3));
        Assert.Equal(Data.Values(x[1..3]), Data.Values(output[1..3]));
        Assert.Equal([0, Math.Round(8 / 6.0, 12)], Factors(output[0], x[0]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_FactorsDiffer_DoubleBackwardGivesTheSecondDerivative(bool scaleBackward)
    {
        using var scope = NewDisposeScope();
        using var layer = OneClassMasked(new NSDropoutOptions { ScaleBackward = scaleBackward });
        var x = Data.Normal(1, 6, 8).requires_grad_();
        var labels = Layers.Balanced(6, 3);
        var output = layer.forward(x, labels);
        // As in GradientTests, with a factor g of the gradient for each class.
        var first = autograd.grad([output.pow(3).sum()], [x], retain_graph: true, create_graph: true)[0];
        first.sum().backward();
        double G(int i) => scaleBackward && i / 8 % 3 == 0 ? 8.0 / 6 : 1;
        Data.AssertClose([.. Data.Values(output).Select((o, i) => 3 * o * o * G(i))], first, 1e-9);
        Data.AssertClose([.. Data.Values(output).Select((o, i) => 6 * o * G(i) * G(i))], x.grad!, 1e-9);
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void LabelMask_FactorsDiffer_EqualsTrainingToTheBit(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var layer = OneClassMasked(NSDropoutOptions.Default);
        var (x, labels) = (Data.Normal(7, 12, 8).to(dtype), Layers.Balanced(12, 3));
        var trained = layer.forward(x, labels);
        layer.eval();
        layer.EvalMode = EvalMode.LabelMask;
        Assert.True(Data.SameBits(trained, layer.forward(x, labels)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MeanMask_FactorsDiffer_IsTheMeanOfTrainingOverLabels(bool isScaled)
    {
        using var scope = NewDisposeScope();
        using var layer = OneClassMasked(new NSDropoutOptions { ScaleEval = isScaled });
        layer.eval();
        var x = Data.Normal(8, 5, 8);
        layer.EvalMode = EvalMode.LabelMask;
        var ofLabels = stack(Enumerable.Range(0, 3).Select(c => layer.forward(x, full(5, c, ScalarType.Int64))).ToList());
        layer.EvalMode = EvalMode.MeanMask;
        Data.AssertClose(Data.Values(ofLabels.mean([0L])), layer.call(x), 1e-14);
    }

    [Fact]
    public void LabelMask_MasksAreLoaded_HaveTheFactorsTheyWereTrainedWith()
    {
        using var scope = NewDisposeScope();
        using var layer = OneClassMasked(new NSDropoutOptions { EvalMode = EvalMode.LabelMask });
        using var fresh = torch.nn.NSDropout(8, 3, 0.3, new NSDropoutOptions { EvalMode = EvalMode.LabelMask });
        fresh.load_state_dict(layer.state_dict());
        layer.eval();
        fresh.eval();
        var (x, labels) = (Data.Normal(8, 6, 8), Layers.Balanced(6, 3));
        Assert.True(Data.SameBits(layer.forward(x, labels), fresh.forward(x, labels)));
    }

    [Fact]
    public void Train_WarmupSteps_AreOrdinaryDropoutWithItsOwnFactor()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(8, 3, 0.3, new NSDropoutOptions { WarmupSteps = 1 });
        layer.CacheValidation(Data.Normal(1, 9, 8), Layers.Balanced(9, 3));
        var (x, labels) = (ones(90, 8, ScalarType.Float64), Layers.Balanced(90, 3));
        Assert.Equal([0, 1 / 0.7], Data.Values(layer.forward(x, labels)).Distinct().Order());
        Assert.Equal([0, 8.0 / 6], Data.Values(layer.forward(x, labels)).Distinct().Order());
    }

    /// <summary>k = 0, a class without a mask, and k = 2 of 8: the published layer multiplies by 1/(1−p) in each case.</summary>
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.3)]
    public void Train_Reference_HasTheFactorOfTheRateWhateverIsDropped(double p)
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(8, 3, p, Reference);
        layer.CacheValidation(Data.Normal(1, 9, 8), zeros(9, ScalarType.Int64));
        var output = layer.forward(ones(9, 8, ScalarType.Float64), Layers.Balanced(9, 3));
        Assert.All(Data.Values(output).Where(value => value != 0), value => Assert.Equal(1 / (1 - p), value));
        Assert.All(Data.Values(output[1..3]), value => Assert.Equal(1 / (1 - p), value));
    }

    [Theory]
    [InlineData(0, 8, 1)]
    [InlineData(2, 8, 8 / 6.0)]
    [InlineData(7, 8, 8)]
    [InlineData(8, 8, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(1, 1, 1)]
    public void CountScale_IsFOverFMinusK(long k, long numFeatures, double expected) => Assert.Equal(expected, NSDropoutMath.CountScale(k, numFeatures));

    [Theory]
    [InlineData(-1, 8, "k must be in [0, 8], but got -1.")]
    [InlineData(9, 8, "k must be in [0, 8], but got 9.")]
    [InlineData(0, 0, "numFeatures must be at least 1, but got 0.")]
    public void CountScale_OutOfRange_Throws(long k, long numFeatures, string message) => Assert.StartsWith(
        message, Assert.Throws<ArgumentOutOfRangeException>(() => NSDropoutMath.CountScale(k, numFeatures)).Message, StringComparison.Ordinal);

    [Fact]
    public void CountScales_HalfPrecisionAndManyFeatures_CountInFloat32()
    {
        using var scope = NewDisposeScope();
        var masks = zeros(3, 100_000, ScalarType.Bool);
        masks[1, 0] = true;
        masks[2] = true;
        var scales = NSDropoutMath.CountScales(masks, ScalarType.Float16);
        Assert.Equal((ScalarType.Float32, 3, 1), (scales.dtype, scales.shape[0], scales.shape[1]));
        Assert.Equal([1, 100_000, 1], Data.Values(scales));
    }

    /// <summary>What a device computes by operators is what the host computes in place, to the bit.</summary>
    [Theory]
    [InlineData(ScalarType.Float16, true)]
    [InlineData(ScalarType.BFloat16, true)]
    [InlineData(ScalarType.Float32, true)]
    [InlineData(ScalarType.Float64, true)]
    [InlineData(ScalarType.Float16, false)]
    [InlineData(ScalarType.BFloat16, false)]
    [InlineData(ScalarType.Float32, false)]
    [InlineData(ScalarType.Float64, false)]
    public void Apply_OneFactorOrThatOfEachMask_SameBits(ScalarType dtype, bool scaleBackward)
    {
        using var scope = NewDisposeScope();
        for (var k = 0; k <= 37; k++)
        {
            var masks = NSDropoutMath.DropMask(Data.Normal(k, 3, 37), k);
            var (x, labels) = (Data.Normal(100 + k, 6, 37).to(dtype), Layers.Balanced(6, 3));
            var one = NSDropoutMath.Apply(x, masks, labels, NSDropoutMath.CountScale(k, 37), scaleBackward);
            var each = NSDropoutMath.Apply(x, masks, labels, NSDropoutMath.CountScales(masks, dtype), scaleBackward);
            Assert.True(Data.SameBits(one, each), $"k = {k}");
        }
    }

    [Fact]
    public void DroppedByEach_IsKnownOnTheHostWhereAllDropAsMany()
    {
        using var scope = NewDisposeScope();
        var masks = ones(3, 5, ScalarType.Bool);
        Assert.Equal(0, HostCounts.DroppedByEach(masks));
        masks[1, 2] = false;
        Assert.Null(HostCounts.DroppedByEach(masks));
        (masks[0, 4], masks[2, 0]) = (tensor(false), tensor(false));
        Assert.Equal(1, HostCounts.DroppedByEach(masks));
        Assert.Null(HostCounts.DroppedByEach(masks.to(META)));
    }

    /// <summary>Class 0 has a mask that drops 2 of 8; classes 1 and 2 have none, as the cache has no row of them.</summary>
    private static NSDropout OneClassMasked(NSDropoutOptions options)
    {
        var layer = torch.nn.NSDropout(8, 3, 0.3, options);
        layer.CacheValidation(Data.Normal(1, 9, 8), zeros(9, ScalarType.Int64));
        layer.forward(Data.Normal(2, 9, 8), Layers.Balanced(9, 3));
        Assert.Equal([6, 8, 8], Layers.Masks(layer).Select(mask => mask.Count(keep => keep)));
        return layer;
    }

    private static IEnumerable<double> Factors(Tensor output, Tensor input) =>
        Data.Values(output).Zip(Data.Values(input), (o, i) => Math.Abs(Math.Round(o / i, 12))).Distinct().Order();

    private static Tensor Input(NSDropoutModule layer, int seed) => layer is NSDropout2d
        ? Data.Normal(seed, 9, 8 * 6).view(9, 8, 2, 3)
        : Data.Normal(seed, 9, 8);
}
