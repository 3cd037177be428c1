using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

public class LabelScopeTests
{
    [Fact]
    public void Current_NoScope_IsNull() => Assert.Null(LabelScope.Current);

    [Fact]
    public void Use_Nested_InnermostCountsAndOuterReturns()
    {
        using var labels = Data.Labels(1, 4, 2);
        using (var outer = LabelScope.Use(labels))
        {
            using (var inner = LabelScope.Use(labels))
                Assert.Same(inner, LabelScope.Current);
            Assert.Same(outer, LabelScope.Current);
        }

        Assert.Null(LabelScope.Current);
    }

    [Fact]
    public void Dispose_OutOfOrder_LeavesTheOpenOne()
    {
        using var labels = Data.Labels(1, 4, 2);
        var outer = LabelScope.Use(labels);
        var inner = LabelScope.Use(labels);
        outer.Dispose();
        Assert.Same(inner, LabelScope.Current);
        inner.Dispose();
        inner.Dispose();
        Assert.Null(LabelScope.Current);
    }

    [Fact]
    public void Use_ExceptionInside_ClosesTheScope()
    {
        using var labels = Data.Labels(1, 4, 2);
        Assert.Throws<TimeoutException>(() => FailInside(labels));
        Assert.Null(LabelScope.Current);
    }

    [Fact]
    public void Use_InvalidLabels_OpensNothing()
    {
        using var labels = ones(3);
        Assert.Throws<ArgumentException>(() => LabelScope.Use(labels));
        Assert.Null(LabelScope.Current);
    }

    [Fact]
    public void Current_ThreadOfOtherWork_IsNull()
    {
        using var labels = Data.Labels(1, 4, 2);
        using var isOpen = new ManualResetEventSlim();
        LabelScope? seen = null;
        var thread = new Thread(() =>
        {
            isOpen.Wait();
            seen = LabelScope.Current;
        });
        thread.Start();
        using var batch = LabelScope.Use(labels);
        isOpen.Set();
        thread.Join();
        Assert.Null(seen);
        Assert.Same(batch, LabelScope.Current);
    }

    [Fact]
    public void Dispose_OnOtherThread_ClosesForItsOwn()
    {
        using var labels = Data.Labels(1, 4, 2);
        var batch = LabelScope.Use(labels);
        var thread = new Thread(batch.Dispose);
        thread.Start();
        thread.Join();
        Assert.Null(LabelScope.Current);
    }

    [Fact]
    public void Dispose_LeavesTheLabelsToTheCaller()
    {
        using var labels = Data.Labels(1, 4, 2);
        LabelScope.Use(labels).Dispose();
        Assert.False(labels.IsInvalid);
    }

    [Fact]
    public void For_SameDevice_IsTheCallersTensor()
    {
        using var labels = Data.Labels(1, 4, 2);
        using var batch = LabelScope.Use(labels);
        Assert.Same(labels, batch.For(4, 2, CPU));
    }

    [Fact]
    public void For_OtherDevice_MovesOncePerScopeAndFreesTheCopy()
    {
        using var labels = Data.Labels(1, 4, 2);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var batch = LabelScope.Use(labels))
        {
            Tensor first;
            using (NewDisposeScope())
                first = batch.For(4, 2, META);
            Assert.Same(first, batch.For(4, 3, META));
            Assert.Equal(DeviceType.META, first.device_type);
            Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    public static TheoryData<Func<Tensor>, string> WrongLabels() => new()
    {
        { () => ones(3), "[3] of Float32: convert them with labels.to(torch.int64)." },
        { () => ones(3, ScalarType.Int32), "[3] of Int32: convert them with labels.to(torch.int64)." },
        { () => ones(3, 4), "[3, 4] of Float32: convert one-hot labels with labels.argmax(1)." },
        { () => ones(3, 4, ScalarType.Int64), "[3, 4] of Int64: convert one-hot labels with labels.argmax(1)." },
        { () => ones(3, 1, ScalarType.Int64), "[3, 1] of Int64: remove the second dimension with labels.squeeze(1)." },
        { () => ones(3, 1), "[3, 1] of Float32: remove the second dimension and convert with labels.squeeze(1).to(torch.int64)." },
        { () => tensor(1L), "[] of Int64: give one class index per row." },
    };

    [Theory, MemberData(nameof(WrongLabels))]
    public void Use_WrongLabels_NamesTheRepair(Func<Tensor> make, string received)
    {
        using var labels = make();
        var error = Assert.Throws<ArgumentException>(() => LabelScope.Use(labels));
        Assert.StartsWith($"labels must be class indices of shape [N] and dtype Int64, but got {received}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(10)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void For_LabelOutOfRange_NamesTheRow(long wrong)
    {
        using var labels = tensor(new long[] { 0, 9, 1, wrong, 2 });
        using var batch = LabelScope.Use(labels);
        var error = Assert.Throws<ArgumentException>(() => batch.For(5, 10, CPU));
        Assert.StartsWith($"labels must hold class indices in [0, 10), but got {wrong} at row 3.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void For_FewerClassesInALaterLayer_IsCheckedAgain()
    {
        using var labels = tensor(new long[] { 0, 4 });
        using var batch = LabelScope.Use(labels);
        Assert.Same(labels, batch.For(2, 5, CPU));
        Assert.Throws<ArgumentException>(() => batch.For(2, 4, CPU));
    }

    [Fact]
    public void For_LabelsWithStride_AreCheckedInTheirOwnOrder()
    {
        using var all = tensor(new long[] { 0, 99, 1, 99, 7, 99 });
        using var labels = all[TensorIndex.Slice(0, null, 2)];
        using var batch = LabelScope.Use(labels);
        Assert.Same(labels, batch.For(3, 8, CPU));
        var error = Assert.Throws<ArgumentException>(() => batch.For(3, 7, CPU));
        Assert.StartsWith("labels must hold class indices in [0, 7), but got 7 at row 2.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void For_NotOnePerRow_Throws()
    {
        using var labels = Data.Labels(1, 5, 2);
        using var batch = LabelScope.Use(labels);
        var error = Assert.Throws<ArgumentException>(() => batch.For(8, 2, CPU));
        Assert.StartsWith("labels must hold one class index per row of the input, but got 5 labels for 8 rows.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void For_SecondLayer_AllocatesAndChecksNothing()
    {
        using var labels = Data.Labels(1, 1000, 10);
        using var batch = LabelScope.Use(labels);
        var cpu = CPU;
        batch.For(1000, 10, cpu);
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            batch.For(1000, 10, cpu);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1000);
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static void FailInside(Tensor labels)
    {
        using var batch = LabelScope.Use(labels);
        throw new TimeoutException();
    }
}
