using NsDropoutTorch.Tests.Support;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>Labels go where the logical call goes, whatever threads it takes, and nowhere else.</summary>
public sealed class LabelScopeFlowTests : IDisposable
{
    private readonly Tensor labels = Data.Labels(1, 4, 2);

    public void Dispose() => labels.Dispose();

    [Fact]
    public async Task Use_AcrossAwait_FollowsTheCallToOtherThreads()
    {
        Assert.True(await Task.Run(Threads) > 1);

        async Task<int> Threads()
        {
            var threads = new HashSet<int>();
            using (var batch = LabelScope.Use(labels))
            {
                for (var i = 0; i < 20; i++)
                {
                    await default(NewThread);
                    threads.Add(Environment.CurrentManagedThreadId);
                    Assert.Same(batch, LabelScope.Current);
                }
            }

            Assert.Null(LabelScope.Current);
            return threads.Count;
        }
    }

    /// <summary>The thread that opened the scope does other work while the scope waits open.</summary>
    [Fact]
    public async Task Use_AcrossAwait_OtherWorkOfTheThreadSeesNoLabels()
    {
        using var pump = new OneThread();
        var gate = new TaskCompletionSource();
        var holding = pump.Start(async () =>
        {
            using var batch = LabelScope.Use(labels);
            await gate.Task;
            Assert.Same(batch, LabelScope.Current);
        });
        await pump.Start(AssertHasNone);
        gate.SetResult();
        await holding;
        await pump.Start(AssertHasNone);

        static Task AssertHasNone()
        {
            Assert.Null(LabelScope.Current);
            using var layer = torch.nn.NSDropout(4, 2);
            using var x = ones(4, 4);
            Assert.Throws<InvalidOperationException>(() => layer.call(x));
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Use_ManyTrainingsAtOnce_EachHasItsOwnLabels()
    {
        var expected = new List<double[]>();
        for (var i = 0; i < 8; i++)
            expected.Add(await Train(i, wait: () => Task.CompletedTask));
        var actual = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Train(i, async () => await Task.Yield()))));
        Assert.Equal(expected, actual);
        Assert.Equal(8, expected.Select(outputs => string.Join(' ', outputs)).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Use_NestedAcrossAwait_InnermostCountsAndOuterReturns()
    {
        using var outer = LabelScope.Use(labels);
        await Task.Yield();
        using (var inner = LabelScope.Use(labels))
        {
            await Task.Yield();
            Assert.Same(inner, LabelScope.Current);
        }

        await Task.Yield();
        Assert.Same(outer, LabelScope.Current);
        await OpenInside();
        Assert.Same(outer, LabelScope.Current);

        async Task OpenInside()
        {
            using var inside = LabelScope.Use(labels);
            await Task.Yield();
            Assert.Same(inside, LabelScope.Current);
        }
    }

    [Fact]
    public async Task Use_TasksStartedWithin_SeeTheLabels()
    {
        using var batch = LabelScope.Use(labels);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => LabelScope.Current))), seen => Assert.Same(batch, seen));
    }

    [Fact]
    public async Task Use_WorkThatOutlivesTheScope_HasNoLabelsNorThoseAroundIt()
    {
        var gate = new TaskCompletionSource();
        using var layer = torch.nn.NSDropout(4, 2);
        using var outer = LabelScope.Use(labels);
        Task outliving;
        using (LabelScope.Use(labels))
            outliving = Task.Run(Outlive);
        Assert.Same(outer, LabelScope.Current);
        gate.SetResult();
        await outliving;

        async Task Outlive()
        {
            await gate.Task;
            Assert.Null(LabelScope.Current);
            AssertSaysWhy(layer);
            using (var own = LabelScope.Use(labels))
                Assert.Same(own, LabelScope.Current);
            AssertSaysWhy(layer);
        }
    }

    [Fact]
    public void Dispose_OnAnotherThread_LeavesTheOwnerWithoutLabelsNotWithThoseAround()
    {
        using var layer = torch.nn.NSDropout(4, 2);
        using var outer = LabelScope.Use(labels);
        RunOnThread(LabelScope.Use(labels).Dispose);
        AssertSaysWhy(layer);
        using (var next = LabelScope.Use(labels))
            Assert.Same(next, LabelScope.Current);
        AssertSaysWhy(layer);
    }

    [Fact]
    public void Dispose_OutOfOrderAmongThree_LeavesThoseThatAreOpen()
    {
        var (first, second, third) = (LabelScope.Use(labels), LabelScope.Use(labels), LabelScope.Use(labels));
        second.Dispose();
        Assert.Same(third, LabelScope.Current);
        third.Dispose();
        Assert.Same(first, LabelScope.Current);
        first.Dispose();
        Assert.Null(LabelScope.Current);
    }

    [Fact]
    public async Task Use_ForgottenDispose_EndsWithTheCallOrTheWorkItem()
    {
        await Forget();
        Assert.Null(LabelScope.Current);

        using var pump = new OneThread();
        await pump.Start(Forget);
        await pump.Start(() =>
        {
            Assert.Null(LabelScope.Current);
            return Task.CompletedTask;
        });

        async Task Forget()
        {
            LabelScope.Use(labels);
            await Task.Yield();
            Assert.NotNull(LabelScope.Current);
        }
    }

    [Fact]
    public void For_AfterDispose_SaysSoAndLeavesNoCopy()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var batch = LabelScope.Use(labels);
        batch.Dispose();
        var error = Assert.Throws<ObjectDisposedException>(() => batch.For(4, 2, META));
        Assert.StartsWith("A LabelScope must be open when its labels are asked for, but it was disposed before.", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void For_LabelsAreDisposed_SaysSo()
    {
        var own = Data.Labels(1, 4, 2);
        using var batch = LabelScope.Use(own);
        own.Dispose();
        var error = Assert.Throws<ObjectDisposedException>(() => batch.For(4, 2, CPU));
        Assert.StartsWith("The labels of a LabelScope must live as long as the scope, but they were disposed before: dispose the scope first.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_TasksAskAtOnce_ShareOneCopy()
    {
        for (var round = 0; round < 50; round++)
        {
            using var batch = LabelScope.Use(labels);
            var copies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => batch.For(4, 2, META))));
            Assert.All(copies, copy => Assert.Same(copies[0], copy));
        }
    }

    [Fact]
    public void Use_ManyScopesThatOtherThreadsDispose_AreNotKeptInMemory()
    {
        var first = OpenAndDisposeElsewhere();
        for (var i = 0; i < 10; i++)
            OpenAndDisposeElsewhere();
        AssertForgotten(first);
    }

    [Fact]
    public void Use_ManyScopesThatOverlap_AreNotKeptInMemory()
    {
        var first = OpenEachBeforeTheLastIsDisposed();
        AssertForgotten(first);
        LabelScope.Current!.Dispose();
        Assert.Null(LabelScope.Current);
    }

    /// <summary>A scope is opened in every training step.</summary>
    [Fact]
    public void Use_AndDispose_AllocateLittle()
    {
        LabelScope.Use(labels).Dispose();
        using var around = ValidationCapture.Begin(torch.nn.Identity());
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            LabelScope.Use(labels).Dispose();
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1000, 1, 512);
    }

    private static void AssertSaysWhy(NSDropout layer)
    {
        using var x = ones(4, 4);
        var error = Assert.Throws<InvalidOperationException>(() => layer.call(x));
        Assert.Equal(
            "NSDropout needs the labels of the batch in training mode, but got none: the LabelScope around the call was disposed while this work was still running; "
            + "await the work before the scope ends, or open a scope within it.",
            error.Message);
    }

    // Dispose scopes belong to a thread: what is made here is disposed by hand.
    private static async Task<double[]> Train(int seed, Func<Task> wait)
    {
        using var layer = Layers.Trained(numFeatures: 6);
        using var x = Data.Normal(7, 12, 6);
        var outputs = new List<double>();
        for (var step = 0; step < 20; step++)
        {
            using var own = Data.Labels((100 * seed) + step, 12, 3);
            using var batch = LabelScope.Use(own);
            await wait();
            using var output = layer.call(x);
            outputs.AddRange(Data.Values(output));
        }

        return [.. outputs];
    }

    private static void RunOnThread(Action work)
    {
        var thread = new Thread(() => work());
        thread.Start();
        thread.Join();
    }

    private static void AssertForgotten(WeakReference scope)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(scope.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference OpenAndDisposeElsewhere()
    {
        var scope = LabelScope.Use(labels);
        RunOnThread(scope.Dispose);
        return new(scope);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference OpenEachBeforeTheLastIsDisposed()
    {
        var scope = LabelScope.Use(labels);
        var first = new WeakReference(scope);
        for (var i = 0; i < 10; i++)
        {
            var next = LabelScope.Use(labels);
            scope.Dispose();
            scope = next;
        }

        return first;
    }

    /// <summary>Goes on on a thread of its own.</summary>
    private readonly struct NewThread : INotifyCompletion
    {
        public bool IsCompleted => false;

        public NewThread GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => new Thread(() => continuation()).UnsafeStart();
    }
}
