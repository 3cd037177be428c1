using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

public sealed class GapsTests
{
    private const int NumFeatures = 8;
    private const int NumClasses = 3;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gaps_AfterAStep_AreMeansInTrainingMinusMeansInValidation(bool absolute)
    {
        using var scope = NewDisposeScope();
        var random = new Random(5);
        var (x, y) = (Data.Normal(random, 20, NumFeatures), Data.Labels(random, 20, 2));
        var (xv, yv) = (Data.Normal(random, 30, NumFeatures), Data.Labels(random, 30, NumClasses));
        using var layer = torch.nn.NSDropout(NumFeatures, NumClasses, 0.5, new NSDropoutOptions { AbsoluteGap = absolute }, dtype: ScalarType.Float64);
        layer.CacheValidation(Data.Matrix(xv), tensor(yv));
        layer.forward(Data.Matrix(x), tensor(y));

        var gaps = Data.Values(layer.Gaps()).Chunk(NumFeatures).ToArray();

        for (var c = 0; c < NumClasses; c++)
        {
            var (train, validation) = (SlowNSDropout.ClassMean(x, y, c, out var count), SlowNSDropout.ClassMean(xv, yv, c, out _));
            for (var j = 0; j < NumFeatures; j++)
            {
                var gap = absolute ? Math.Abs(train[j] - validation[j]) : train[j] - validation[j];
                Assert.Equal(count == 0 ? double.NaN : gap, gaps[c][j], 1e-14);
            }
        }
    }

    [Fact]
    public void Gaps_BeforeAnyMaskAndAfterReset_AreUnknown()
    {
        using var scope = NewDisposeScope();
        using var fresh = torch.nn.NSDropout(NumFeatures, NumClasses);
        Assert.All(Data.Values(fresh.Gaps()), value => Assert.Equal(double.NaN, value));
        fresh.forward(Data.Normal(1, 6, NumFeatures, ScalarType.Float32), Layers.Balanced(6, NumClasses));
        Assert.All(Data.Values(fresh.Gaps()), value => Assert.Equal(double.NaN, value));

        using var layer = Layers.Trained();
        Assert.All(Data.Values(layer.Gaps()), value => Assert.True(double.IsFinite(value)));
        layer.ResetStatistics();
        Assert.All(Data.Values(layer.Gaps()), value => Assert.Equal(double.NaN, value));
    }

    [Fact]
    public void Gaps_Asked_AreTheCallersToDisposeAndOutliveTheLayer()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var layer = Layers.Trained())
        {
            using var gaps = layer.Gaps();
            layer.Dispose();
            Assert.All(Data.Values(gaps), value => Assert.True(double.IsFinite(value)));
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
