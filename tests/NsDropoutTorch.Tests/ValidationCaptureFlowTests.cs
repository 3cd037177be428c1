using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static NsDropoutTorch.Tests.Support.Layers;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>A capture follows the logical call as label scopes do: what it counts is its own pass, on whatever threads, and nothing else.</summary>
public sealed class ValidationCaptureFlowTests : IDisposable
{
    private readonly NSDropout layer = Eval(torch.nn.NSDropout(2, 1));

    public void Dispose() => layer.Dispose();

    [Fact]
    public void Begin_ThreadOfOtherWork_SeesNone()
    {
        using var isOpen = new ManualResetEventSlim();
        ValidationCapture? seen = null;
        var thread = new Thread(() =>
        {
            isOpen.Wait();
            seen = ValidationCapture.Current;
        });
        thread.Start();
        using var capture = ValidationCapture.Begin(layer);
        isOpen.Set();
        thread.Join();
        Assert.Null(seen);
        Assert.Same(capture, ValidationCapture.Current);
    }

    /// <summary>Batches that are awaited: the pass goes on elsewhere, and its first thread evaluates something else meanwhile.</summary>
    [Fact]
    public async Task Begin_AcrossAwait_CountsItsOwnPassAlone()
    {
        using var pump = new OneThread();
        var gate = new TaskCompletionSource();
        var pass = pump.Start(async () =>
        {
            using var capture = ValidationCapture.Begin(layer);
            Call(layer, 1);
            await gate.Task.ConfigureAwait(false);
            Call(layer, 3);
            capture.Complete();
        });
        await pump.Start(() =>
        {
            Assert.Null(ValidationCapture.For(layer));
            Call(layer, 100);
            return Task.CompletedTask;
        });
        gate.SetResult();
        await pass;
        Assert.Equal([2, 2], Data.Values(layer.validation_means));
        Assert.Equal(2, Data.Integers(layer.validation_counts).Single());
        Assert.Null(ValidationCapture.Current);
    }

    [Fact]
    public async Task Record_TasksOfOnePass_AllCountAndNoBatchIsTornApart()
    {
        using var scope = NewDisposeScope();
        var second = torch.nn.NSDropout(2, 1);
        using var model = Eval(torch.nn.Sequential(layer, new Pause(), second));
        for (var round = 0; round < 10; round++)
        {
            using var capture = ValidationCapture.Begin(model);
            await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Call(model, i))));
            capture.Complete();
            Assert.Equal([16, 16], Data.Integers(layer.validation_counts).Concat(Data.Integers(second.validation_counts)));
            Assert.All(Data.Values(layer.validation_means).Concat(Data.Values(second.validation_means)), mean => Assert.Equal(7.5, mean));
        }
    }

    [Fact]
    public async Task Begin_CapturesOfSeveralModelsAtOnce_EachCountsItsOwn()
    {
        var layers = Enumerable.Range(0, 8).Select(_ => Eval(torch.nn.NSDropout(2, 1))).ToArray();
        await Task.WhenAll(layers.Select((own, i) => Task.Run(async () =>
        {
            using var capture = ValidationCapture.Begin(own);
            Call(own, i);
            await Task.Yield();
            Call(own, i + 2);
            capture.Complete();
        })));
        Assert.Equal(Enumerable.Range(1, 8).Select(mean => (double)mean), layers.Select(own => Data.Values(own.validation_means)[0]));
        foreach (var own in layers)
            own.Dispose();
    }

    [Fact]
    public async Task Begin_WorkThatOutlivesTheCapture_IsNotCounted()
    {
        var gate = new TaskCompletionSource();
        Task outliving;
        using (var capture = ValidationCapture.Begin(layer))
        {
            outliving = Task.Run(Outlive);
            Call(layer, 1);
            capture.Complete();
        }

        gate.SetResult();
        await outliving;
        Assert.Equal([1, 1], Data.Values(layer.validation_means));
        Assert.Equal(1, layer.validation_captures);

        async Task Outlive()
        {
            await gate.Task;
            Assert.Null(ValidationCapture.Current);
            Call(layer, 100);
        }
    }

    [Fact]
    public void Begin_CompletedAndDisposedOnAnotherThread_CountsAndLaterCallsDoNot()
    {
        var capture = ValidationCapture.Begin(layer);
        var thread = new Thread(() =>
        {
            Call(layer, 1);
            capture.Complete();
            capture.Dispose();
        });
        thread.Start();
        thread.Join();
        Assert.Null(ValidationCapture.Current);
        Call(layer, 100);
        Assert.Equal([1, 1], Data.Values(layer.validation_means));
        Capture(layer, () => Call(layer, 2));
        Assert.Equal([2, 2], Data.Values(layer.validation_means));
    }

    [Fact]
    public void Begin_InnerEndsOnAnotherThread_CallsOfItsOwnerThrowAndReachNoOtherCapture()
    {
        using var outer = ValidationCapture.Begin(layer);
        Call(layer, 1);
        var thread = new Thread(ValidationCapture.Begin(layer).Dispose);
        thread.Start();
        thread.Join();
        var error = Assert.Throws<InvalidOperationException>(() => Call(layer, 100));
        Assert.StartsWith("A ValidationCapture must stay open while work that was started in it calls the model, but it ended before,", error.Message, StringComparison.Ordinal);
        using var other = Eval(torch.nn.NSDropout(2, 1));
        Call(other, 100);
        outer.Complete();
        Assert.Equal([1, 1], Data.Values(layer.validation_means));
    }

    [Fact]
    public async Task Begin_ForgottenDispose_EndsWithTheCall()
    {
        await Forget();
        Assert.Null(ValidationCapture.Current);
        Call(layer, 100);
        Assert.False(layer.HasValidation);

        async Task Forget()
        {
            ValidationCapture.Begin(layer);
            await Task.Yield();
            Call(layer, 1);
        }
    }

    /// <summary>Lets other batches overtake.</summary>
    private sealed class Pause() : nn.Module<Tensor, Tensor>(nameof(Pause))
    {
        public override Tensor forward(Tensor input)
        {
            Thread.Sleep((int)input.detach().sum().ToSingle() % 3);
            return input.alias();
        }
    }
}
