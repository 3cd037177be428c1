using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

public class NSDropoutMathTests
{
    private const double Inf = double.PositiveInfinity;

    [Theory]
    [InlineData(0, 10, 0)]
    [InlineData(0.2, 128, 26)]
    [InlineData(0.5, 5, 2)]
    [InlineData(0.5, 7, 4)]
    [InlineData(0.05, 8, 0)]
    [InlineData(0.99, 10, 10)]
    [InlineData(0.5, 1, 0)]
    [InlineData(0.6, 1, 1)]
    public void DropCount_HalvesGoToEven(double p, long numFeatures, long k) => Assert.Equal(k, NSDropoutMath.DropCount(p, numFeatures));

    [Theory]
    [InlineData(-0.1, "-0.1")]
    [InlineData(1, "1")]
    [InlineData(1.2, "1.2")]
    [InlineData(double.NaN, "NaN")]
    public void DropCount_RateOutOfRange_Throws(double p, string received)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => NSDropoutMath.DropCount(p, 4));
        Assert.StartsWith($"p must be in [0, 1), but got {received}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DropCount_NoFeatures_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => NSDropoutMath.DropCount(0.5, 0));
        Assert.StartsWith("numFeatures must be at least 1, but got 0.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ClassCounts_AbsentClass_IsZero()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([2, 0, 1], Data.Integers(NSDropoutMath.ClassCounts(tensor(new long[] { 0, 2, 0 }), 3)));
    }

    [Fact]
    public void ClassMeans_AbsentClass_IsZeroAndOthersAreMeans()
    {
        using var scope = NewDisposeScope();
        var means = NSDropoutMath.ClassMeans(tensor(new double[,] { { 1, 10 }, { 5, 50 }, { 3, 20 } }), tensor(new long[] { 0, 2, 0 }), 3);
        Assert.Equal([2, 15, 0, 0, 5, 50], Data.Values(means));
    }

    [Fact]
    public void ClassMeans_InfinityInOneClass_LeavesTheOthersFinite()
    {
        using var scope = NewDisposeScope();
        var means = NSDropoutMath.ClassMeans(tensor(new double[,] { { Inf }, { 5 }, { double.NaN } }), tensor(new long[] { 0, 1, 2 }), 3);
        Assert.Equal([Inf, 5, double.NaN], Data.Values(means));
    }

    [Theory]
    [InlineData(ScalarType.Float16, ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16, ScalarType.Float32)]
    [InlineData(ScalarType.Float32, ScalarType.Float32)]
    [InlineData(ScalarType.Float64, ScalarType.Float64)]
    public void ClassSums_AnyPrecision_AccumulateInFloat32AtLeast(ScalarType dtype, ScalarType expected)
    {
        using var scope = NewDisposeScope();
        // 4096 ones are 2048 in float16 and 256 in bfloat16 when added one by one.
        var sums = NSDropoutMath.ClassSums(ones(4096, 1, dtype), zeros(4096, ScalarType.Int64), 1);
        Assert.Equal(expected, sums.dtype);
        Assert.Equal([4096], Data.Values(sums));
    }

    [Fact]
    public void Gap_SignedAndAbsolute()
    {
        using var scope = NewDisposeScope();
        var (train, validation) = (tensor(new double[,] { { 1, 5 } }), tensor(new double[,] { { 4, 3 } }));
        Assert.Equal([-3, 2], Data.Values(NSDropoutMath.Gap(train, validation)));
        Assert.Equal([3, 2], Data.Values(NSDropoutMath.Gap(train, validation, absolute: true)));
    }

    [Theory]
    [InlineData(0, false, new double[] { 1, 1, 1, 1 })]
    [InlineData(1, false, new double[] { 1, 0, 1, 1 })]
    [InlineData(2, false, new double[] { 0, 0, 1, 1 })]
    [InlineData(4, false, new double[] { 0, 0, 0, 0 })]
    [InlineData(1, true, new double[] { 1, 1, 0, 1 })]
    [InlineData(2, true, new double[] { 1, 1, 0, 0 })]
    public void DropMask_DropsKByRank(long k, bool keepLargest, double[] expected)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected, Data.Values(NSDropoutMath.DropMask(tensor(new double[,] { { 1, 2, -3, 0 } }), k, keepLargest)));
    }

    [Theory]
    [InlineData(1, false, new double[] { 1, 1, 0, 1, 1 })]
    [InlineData(2, false, new double[] { 1, 1, 0, 1, 0 })]
    [InlineData(2, true, new double[] { 1, 1, 0, 1, 0 })]
    [InlineData(1, true, new double[] { 1, 1, 1, 1, 0 })]
    [InlineData(5, true, new double[] { 0, 0, 0, 0, 0 })]
    public void DropMask_GapNotFinite_IsDroppedLast(long k, bool keepLargest, double[] expected)
    {
        using var scope = NewDisposeScope();
        var gap = tensor(new double[,] { { Inf, double.NaN, 1, -Inf, -1 } });
        Assert.Equal(expected, Data.Values(NSDropoutMath.DropMask(gap, k, keepLargest)));
    }

    [Fact]
    public void DropMask_Ties_DropExactlyKAndTheSameEachTime()
    {
        using var scope = NewDisposeScope();
        var gap = zeros(3, 100, ScalarType.Float32);
        var first = NSDropoutMath.DropMask(gap, 30);
        Assert.Equal([70, 70, 70], Data.Integers(first.sum(1)));
        for (var i = 0; i < 20; i++)
            Assert.True(Data.SameBits(first, NSDropoutMath.DropMask(gap, 30)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void DropMask_KOutOfRange_Throws(long k)
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => NSDropoutMath.DropMask(zeros(1, 2), k));
        Assert.StartsWith($"k must be in [0, 2], but got {k}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BernoulliMask_KeepsOneMinusPOfTheElements()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var mask = NSDropoutMath.BernoulliMask(400, 250, 0.3);
        Assert.Equal(ScalarType.Bool, mask.dtype);
        // Five standard deviations of a mean over 100,000 draws.
        Assert.InRange(Data.Values(mask).Average(), 0.7 - 0.00725, 0.7 + 0.00725);
    }

    [Fact]
    public void BernoulliMask_SameGeneratorSeed_SameMask()
    {
        using var scope = NewDisposeScope();
        using var a = new Generator(5);
        using var b = new Generator(5);
        Assert.True(Data.SameBits(NSDropoutMath.BernoulliMask(8, 8, 0.5, generator: a), NSDropoutMath.BernoulliMask(8, 8, 0.5, generator: b)));
    }

    [Fact]
    public void RunningMeans_FirstBatchThenBlend_AbsentClassKeeps()
    {
        using var scope = NewDisposeScope();
        var averages = tensor(new double[,] { { double.NaN, 4 }, { 7, 7 } });
        var next = NSDropoutMath.RunningMeans(averages, tensor(new double[,] { { 2, 8 }, { 0, 0 } }), tensor(new[] { true, false }), 0.25);
        Assert.Equal([2, 5, 7, 7], Data.Values(next));
    }

    [Fact]
    public void RunningMeans_MeanNotFinite_IsForgottenWithTheNextBatch()
    {
        using var scope = NewDisposeScope();
        var seen = tensor(new[] { true });
        var overflown = NSDropoutMath.RunningMeans(tensor(new double[,] { { 1 } }), tensor(new double[,] { { Inf } }), seen, 0.5);
        Assert.Equal([Inf], Data.Values(overflown));
        Assert.Equal([3], Data.Values(NSDropoutMath.RunningMeans(overflown, tensor(new double[,] { { 3 } }), seen, 0.5)));
    }

    [Fact]
    public void MeanMask_IsTheMeanOverClasses()
    {
        using var scope = NewDisposeScope();
        var masks = tensor(new double[,] { { 1, 0, 1 }, { 1, 0, 0 } }).to(ScalarType.Bool);
        Assert.Equal([1, 0, 0.5], Data.Values(NSDropoutMath.MeanMask(masks)));
        Assert.Equal([1, 3], NSDropoutMath.MeanMask(masks).shape);
    }

    [Fact]
    public void Apply_FourDimensions_MasksWholeChannels()
    {
        using var scope = NewDisposeScope();
        var masks = tensor(new double[,] { { 1, 0 }, { 0, 1 } }).to(ScalarType.Bool);
        var output = NSDropoutMath.Apply(ones(new long[] { 2, 2, 1, 2 }), masks, tensor(new long[] { 1, 0 }), 2);
        Assert.Equal([0, 0, 2, 2, 2, 2, 0, 0], Data.Values(output));
    }

    [Fact]
    public void Apply_NaNInADroppedNeuron_StaysNaN()
    {
        using var scope = NewDisposeScope();
        var masks = zeros(1, 1, ScalarType.Bool);
        Assert.Equal([double.NaN], Data.Values(NSDropoutMath.Apply(tensor(new double[,] { { double.NaN } }), masks, null)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Functions_LeaveNoTensorBehind(bool scaleBackward)
    {
        using var x = Data.Normal(1, 12, 6);
        using var labels = Data.Labels(1, 12, 3);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var means = NSDropoutMath.ClassMeans(x, labels, 3))
        using (var gap = NSDropoutMath.Gap(means, means, absolute: true))
        using (var mask = NSDropoutMath.DropMask(gap, 2))
        using (NSDropoutMath.MeanMask(mask))
        using (NSDropoutMath.Apply(x, mask, labels, 2, scaleBackward))
        using (NSDropoutMath.BernoulliMask(2, 2, 0.5))
        {
            Assert.Equal(before + 6, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
