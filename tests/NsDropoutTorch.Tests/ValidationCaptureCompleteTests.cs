using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static NsDropoutTorch.Tests.Support.Layers;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>A capture changes the layers when it is completed, and only then.</summary>
public class ValidationCaptureCompleteTests
{
    private const string Ended =
        "but it was completed or disposed before: begin one for each validation pass, and complete it once, at the end.";

    private const string NoSamples =
        "ValidationCapture.Complete needs a sample that reached the layers of the model, but there was none: call the model in eval mode between Begin and Complete, "
        + "`using (LabelScope.Use(labels)) model.call(x)`, in no other capture of it.";

    private const string CutShort =
        "ValidationCapture.Complete needs a sample that reached the layers of the model, but each batch was empty, or was cut short before it had reached them all: "
        + "give it rows, and let the exception that cuts a batch short end the pass.";

    [Fact]
    public void Dispose_NotCompleted_ChangesNothingToTheBitAndLeavesNoTensor()
    {
        using var layer = Eval(Trained(2, 1, options: new NSDropoutOptions { KeepActivations = true, Momentum = 0.5 }));
        using var former = new State(layer);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (ValidationCapture.Begin(layer))
        {
            Call(layer, 7);
            using var labels = zeros(1, ScalarType.Int64);
            using var x = ones(1, 2);
            layer.forward(x, labels).Dispose();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        former.AssertUnchanged();
    }

    /// <summary>One layer, both, or all batches were done when the pass threw.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    public void Dispose_PassThrew_ChangesNothingToTheBitAndLeavesNoTensor(int batches, bool betweenLayers)
    {
        var (first, bomb, second) = (torch.nn.NSDropout(2, 1), new Bomb(), torch.nn.NSDropout(2, 1));
        using var model = torch.nn.Sequential(first, bomb, second);
        model.eval();
        Capture(model, () => Call(model, 5));
        using var former = new State(model);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        bomb.Armed = false;

        Assert.Throws<TimeoutException>(() => Capture(model, () =>
        {
            // What a Sequential leaves behind that an exception cuts short; statistics belong to no scope.
            using var scope = NewDisposeScope();
            for (var batch = 0; batch < batches; batch++)
                Call(model, 100);
            bomb.Armed = betweenLayers;
            Call(model, 100);
            throw new TimeoutException();
        }));

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        former.AssertUnchanged();
        Assert.Null(ValidationCapture.Current);
    }

    /// <summary>The next epoch's training goes on with the cache of the last pass that was whole.</summary>
    [Fact]
    public void Dispose_PassThrew_TrainingGoesOnAsIfThereHadBeenNoPass()
    {
        using var scope = NewDisposeScope();
        using var layer = Trained();
        using var other = Trained();
        layer.eval();
        Assert.Throws<TimeoutException>(() => Capture(layer, () =>
        {
            layer.forward(Data.Normal(1, 6, 8), Balanced(6, 3));
            throw new TimeoutException();
        }));
        layer.train();
        var (x, labels) = (Data.Normal(2, 12, 8), Balanced(12, 3));
        Assert.True(Data.SameBits(other.forward(x, labels), layer.forward(x, labels)));
        Assert.Equal(Masks(other), Masks(layer));
    }

    [Fact]
    public void Complete_FirstBatchOfAFirstCaptureIsCutShort_CountsForNoLayer()
    {
        using var scope = NewDisposeScope();
        var (first, bomb, second) = (torch.nn.NSDropout(2, 1), new Bomb { Armed = true }, torch.nn.NSDropout(2, 1));
        using var model = torch.nn.Sequential(first, bomb, second);
        model.eval();
        Capture(model, () =>
        {
            Assert.Throws<TimeoutException>(() => Call(model, 100));
            bomb.Armed = false;
            Call(model, 3);
        });
        Assert.Equal((1, 1), (Data.Integers(first.validation_counts).Single(), Data.Integers(second.validation_counts).Single()));
        Assert.Equal([3, 3, 3, 3], [.. Data.Values(first.validation_means), .. Data.Values(second.validation_means)]);
    }

    [Fact]
    public void Complete_LeavesNoTensor()
    {
        using var layer = Eval(torch.nn.NSDropout(2, 1, options: new NSDropoutOptions { KeepActivations = true }));
        Capture(layer, () => Call(layer, 1));
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Capture(layer, () => Call(layer, 2));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal([2, 2], Data.Values(layer.validation_means));
    }

    [Fact]
    public void Complete_NoSamples_SaysTheRepairAndChangesNothing() => AssertRefused(NoSamples, _ => { });

    [Fact]
    public void Complete_LabelsWereMissing_SaysTheRepairAndChangesNothing() => AssertRefused(NoSamples, model =>
    {
        using var x = ones(1, 2);
        var error = Assert.Throws<InvalidOperationException>(() => model.call(x));
        Assert.Equal(
            "NSDropout needs the labels of the batch inside a ValidationCapture, but got none: open `using (LabelScope.Use(labels))` around the call, or call forward(input, labels).",
            error.Message);
    });

    [Fact]
    public void Complete_OnlyEmptyBatches_SaysTheRepairAndChangesNothing() => AssertRefused(CutShort, model =>
    {
        using var x = zeros(0L, 2);
        using var labels = zeros(0L, ScalarType.Int64);
        using (LabelScope.Use(labels))
            model.call(x).Dispose();
    });

    [Fact]
    public void Complete_EachBatchWasCutShort_SaysTheRepairAndChangesNothing() => AssertRefused(CutShort, model =>
    {
        using var scope = NewDisposeScope();
        var bomb = model.modules().OfType<Bomb>().Single();
        bomb.Armed = true;
        Assert.Throws<TimeoutException>(() => Call(model, 100));
        bomb.Armed = false;
    });

    [Fact]
    public void Complete_NoSamplesYet_MayBeRepairedAndCompletedAgain()
    {
        using var scope = NewDisposeScope();
        using var layer = Eval(torch.nn.NSDropout(2, 1));
        using var capture = ValidationCapture.Begin(layer);
        Assert.Throws<InvalidOperationException>(capture.Complete);
        Call(layer, 4);
        capture.Complete();
        Assert.Equal([4, 4], Data.Values(layer.validation_means));
    }

    [Fact]
    public void Complete_ModelWithoutSuchLayers_DoesNothing()
    {
        using var model = torch.nn.Sequential(torch.nn.Dropout(0.5));
        Capture(model, () => { });
    }

    [Fact]
    public void Complete_TwiceOrAfterDispose_Throws()
    {
        using var layer = Eval(torch.nn.NSDropout(2, 1));
        var capture = ValidationCapture.Begin(layer);
        Call(layer, 1);
        capture.Complete();
        Assert.Equal($"A ValidationCapture must be open when it is completed, {Ended}", Assert.Throws<InvalidOperationException>(capture.Complete).Message);
        capture.Dispose();
        Assert.Throws<InvalidOperationException>(capture.Complete);
        var other = ValidationCapture.Begin(layer);
        other.Dispose();
        Assert.Throws<InvalidOperationException>(other.Complete);
        Assert.Equal(1, layer.validation_captures);
    }

    [Fact]
    public void Record_AfterItEnded_ThrowsAndFreesTheStatistics()
    {
        using var scope = NewDisposeScope();
        using var layer = Eval(torch.nn.NSDropout(2, 1));
        var capture = ValidationCapture.Begin(layer);
        capture.Dispose();
        var statistics = ValidationStatistics.Of(ones(1, 2), zeros(1, ScalarType.Int64), 1);
        var error = Assert.Throws<InvalidOperationException>(() => capture.Record(layer, statistics));
        Assert.Equal($"A ValidationCapture must be open when a layer records, {Ended}", error.Message);
        Assert.True(statistics.Sums.IsInvalid);
    }

    [Fact]
    public void Evaluate_AfterCompleteWithinItsUsing_IsNotCaptured()
    {
        using var scope = NewDisposeScope();
        using var layer = Eval(torch.nn.NSDropout(2, 1));
        using (var capture = ValidationCapture.Begin(layer))
        {
            Call(layer, 1);
            capture.Complete();
            Assert.Null(ValidationCapture.Current);
            Call(layer, 100);
        }

        Assert.Equal([1, 1], Data.Values(layer.validation_means));
        Assert.Equal(1, layer.validation_captures);
    }

    [Fact]
    public void Nested_OverTheSameModel_InnerGetsTheBatchesAndOuterSaysItHasNone()
    {
        using var scope = NewDisposeScope();
        using var layer = Eval(torch.nn.NSDropout(2, 1));
        using var outer = ValidationCapture.Begin(layer);
        Capture(layer, () => Call(layer, 3));
        Assert.Equal(NoSamples, Assert.Throws<InvalidOperationException>(outer.Complete).Message);
        Assert.Equal([3, 3], Data.Values(layer.validation_means));
        Call(layer, 5);
        outer.Complete();
        Assert.Equal([5, 5], Data.Values(layer.validation_means));
    }

    [Fact]
    public void Nested_InnerIsNotCompleted_OuterKeepsItsOwnBatchesAlone()
    {
        using var scope = NewDisposeScope();
        using var layer = Eval(torch.nn.NSDropout(2, 1));
        Capture(layer, () =>
        {
            Call(layer, 1);
            using (ValidationCapture.Begin(layer))
                Call(layer, 100);
            Call(layer, 3);
        });
        Assert.Equal([2, 2], Data.Values(layer.validation_means));
        Assert.Equal(1, layer.validation_captures);
    }

    [Fact]
    public void Nested_OuterEndsFirst_InnerGoesOn()
    {
        using var scope = NewDisposeScope();
        using var layer = Eval(torch.nn.NSDropout(2, 1));
        var outer = ValidationCapture.Begin(layer);
        using var inner = ValidationCapture.Begin(layer);
        outer.Dispose();
        Call(layer, 4);
        inner.Complete();
        Assert.Null(ValidationCapture.Current);
        Assert.Equal([4, 4], Data.Values(layer.validation_means));
    }

    private static void AssertRefused(string sentence, Action<nn.Module<Tensor, Tensor>> pass)
    {
        using var model = torch.nn.Sequential(torch.nn.NSDropout(2, 1), new Bomb(), torch.nn.NSDropout(2, 1));
        model.eval();
        Capture(model, () => Call(model, 5));
        using var former = new State(model);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.Equal(sentence, Assert.Throws<InvalidOperationException>(() => Capture(model, () => pass(model))).Message);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        former.AssertUnchanged();
    }

    /// <summary>All that a model knows, and the activations its layers keep, as they were.</summary>
    private sealed class State : IDisposable
    {
        private readonly nn.Module model;
        private readonly Dictionary<string, Tensor> former;
        private readonly double[][] kept;

        public State(nn.Module model)
        {
            this.model = model;
            former = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone(), StringComparer.Ordinal);
            kept = Kept();
        }

        public void AssertUnchanged()
        {
            Assert.All(model.state_dict(), entry => Assert.True(Data.SameBits(former[entry.Key], entry.Value), entry.Key));
            Assert.Equal(kept, Kept());
        }

        public void Dispose()
        {
            foreach (var tensor in former.Values)
                tensor.Dispose();
        }

        private double[][] Kept()
        {
            using var scope = NewDisposeScope();
            return [.. model.modules().Prepend(model).OfType<NSDropoutModule>().Select(layer => layer.KeptValidation() is { } rows ? Data.Values(rows.activations) : [])];
        }
    }
}
