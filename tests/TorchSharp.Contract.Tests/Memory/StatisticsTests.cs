using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Memory;

/// <summary>Counts of the thread, on which nothing else runs meanwhile.</summary>
public sealed class StatisticsTests
{
    private static ThreadDisposeScopeStatistics Fresh
    {
        get
        {
            DisposeScopeManager.Statistics.Reset();
            return DisposeScopeManager.Statistics;
        }
    }

    [Fact]
    public void OutsideScopes_CreationAndDisposalAreCounted()
    {
        var counts = Fresh;
        var x = ones(1);
        Assert.Equal((1, 0, 1), (counts.CreatedOutsideScopeCount, counts.CreatedInScopeCount, counts.ThreadTotalLiveCount));
        x.Dispose();
        x.Dispose();
        Assert.Equal((1, 0), (counts.DisposedOutsideScopeCount, counts.ThreadTotalLiveCount));
    }

    [Fact]
    public void InsideScopes_CreationAndDisposalAreCounted()
    {
        var counts = Fresh;
        using (NewDisposeScope())
        {
            _ = ones(1) + ones(1);
            Assert.Equal((3, 0, 3), (counts.CreatedInScopeCount, counts.CreatedOutsideScopeCount, counts.ThreadTotalLiveCount));
        }

        Assert.Equal((3, 0, 0), (counts.DisposedInScopeCount, counts.DisposedOutsideScopeCount, counts.ThreadTotalLiveCount));
    }

    [Fact]
    public void DetachedAndAttached_AreCounted()
    {
        var counts = Fresh;
        Tensor x;
        using (NewDisposeScope()) x = ones(1).DetachFromDisposeScope();
        Assert.Equal((1, 0, 1), (counts.DetachedFromScopeCount, counts.AttachedToScopeCount, counts.ThreadTotalLiveCount));
        using (var scope = NewDisposeScope()) scope.Attach(x);
        Assert.Equal((1, 1, 0), (counts.AttachedToScopeCount, counts.DisposedInScopeCount, counts.ThreadTotalLiveCount));
    }

    [Fact]
    public void MovedToOuter_IsNeitherDetachedNorAttached()
    {
        var counts = Fresh;
        using (NewDisposeScope())
        {
            using (NewDisposeScope()) ones(1).MoveToOuterDisposeScope();
            Assert.Equal((0, 0, 1), (counts.DetachedFromScopeCount, counts.AttachedToScopeCount, counts.ThreadTotalLiveCount));
        }

        Assert.Equal(0, counts.ThreadTotalLiveCount);
    }

    [Fact]
    public void InPlaceOperations_CreateNothing()
    {
        using var x = ones(2);
        using var y = ones(2);
        var counts = Fresh;
        x.add_(y).mul_(2).sub_(1).copy_(y).fill_(3).clamp_(0, 1).requires_grad_();
        Assert.Equal(0, counts.CreatedOutsideScopeCount);
    }

    [Fact]
    public void Grad_IsCreatedAtEveryReading()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        x.sum().backward();
        var before = scope.DisposablesCount;
        _ = x.grad;
        _ = x.grad;
        Assert.Equal(before + 2, scope.DisposablesCount);
    }

    [Fact]
    public void Text_SumsItAllUp()
    {
        Assert.Equal(
            "ThreadTotalLiveCount: 0; CreatedOutsideScopeCount: 0; DisposedOutsideScopeCount: 0; CreatedInScopeCount: 0; "
            + "DisposedInScopeCount: 0; AttachedToScopeCount: 0; DetachedFromScopeCount: 0",
            Fresh.ToString());
    }
}
