using NsDropoutTorch;
using static TorchSharp.torch;

namespace TorchSharp.SystemLibTorch.Tests;

/// <summary>A layer's forward never waits for the device its input is on: it reads no element and copies nothing to the host.</summary>
public sealed class HostReadTests
{
    public static TheoryData<NSDropoutOptions> Options => new(
        NSDropoutOptions.Default,
        NSDropoutOptions.Reference,
        new NSDropoutOptions { Momentum = 0.1 },
        new NSDropoutOptions { SharedMask = true },
        new NSDropoutOptions { AbsoluteGap = true, KeepLargest = true, WarmupSteps = 1 });

    [Theory]
    [MemberData(nameof(Options))]
    public void Forward_BeforeAndAfterACache_ReadsNothingByAnOperator(NSDropoutOptions options)
    {
        using var scope = NewDisposeScope();
        using var layer = nn.NSDropout(16, 3, 0.25, options);
        var (input, labels) = (rand(12, 16), arange(12L).remainder(3));
        using var log = new OperatorLog();

        layer.forward(input, labels);
        layer.CacheValidation(input, labels);
        layer.forward(input, labels);
        layer.eval();
        foreach (var mode in Enum.GetValues<EvalMode>())
        {
            layer.EvalMode = mode;
            layer.forward(input, labels);
        }

        Assert.Contains("index_select", log.Called);
        Assert.Empty(log.HostReads);
    }

    [Fact]
    public void Forward_OfChannels_ReadsNothingByAnOperator()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.NSDropout2d(4, 3, 0.25);
        var (input, labels) = (rand(12, 4, 5, 5), arange(12L).remainder(3));
        using var log = new OperatorLog();

        layer.CacheValidation(input, labels);
        layer.forward(input, labels);

        Assert.Contains("index_select", log.Called);
        Assert.Empty(log.HostReads);
    }

    // What lies in host memory is read in place; on a device this is taken instead.
    [Fact]
    public void DropMaskByTopK_ReadsNothingOnTheHost()
    {
        using var scope = NewDisposeScope();
        var gap = rand(3, 16);
        using var log = new OperatorLog();

        NSDropoutMath.DropMaskByTopK(gap, 4, keepLargest: true);

        Assert.Contains("topk", log.Called);
        Assert.Empty(log.HostReads);
    }

    [Fact]
    public void OperatorLog_SeesWhatItIsThereToSee()
    {
        using var scope = NewDisposeScope();
        var x = rand(3);
        using var log = new OperatorLog();

        x.sum().ToSingle();
        x.cpu();
        x.to(ScalarType.Float64);

        Assert.Equal(["_local_scalar_dense", "to"], log.HostReads);
    }
}
