using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static NsDropoutTorch.Tests.Support.Layers;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

public class ValidationCaptureTests
{
    [Fact]
    public void Capture_ManyBatches_EqualsOneCacheOfAllRows()
    {
        using var scope = NewDisposeScope();
        var (x, labels) = (Data.Normal(1, 30, 4), Data.Labels(1, 30, 3));
        using var whole = torch.nn.NSDropout(4, 3);
        whole.CacheValidation(x, labels);
        using var layer = Eval(torch.nn.NSDropout(4, 3));
        Capture(layer, () =>
        {
            foreach (var start in new[] { 0, 7, 14, 28 })
            {
                var rows = TensorIndex.Slice(start, start switch { 14 => 28, 28 => 30, _ => start + 7 });
                using (LabelScope.Use(labels[rows])) layer.call(x[rows]);
            }
        });

        Data.AssertClose(Data.Values(whole.validation_means), layer.validation_means, 1e-13);
        Assert.Equal(Data.Integers(whole.validation_counts), Data.Integers(layer.validation_counts));
        Assert.Equal(1, layer.validation_captures);
    }

    [Fact]
    public void Capture_SeveralLayersInNestedModules_EachGetsItsOwnInput()
    {
        using var scope = NewDisposeScope();
        var (first, second, third) = (torch.nn.NSDropout(4, 2), torch.nn.NSDropout(4, 2), torch.nn.NSDropout(4, 2));
        using var model = torch.nn.Sequential(
            first,
            torch.nn.Sequential(torch.nn.Sequential(new Plus(1), second)),
            new Wrapper(torch.nn.Sequential(new Plus(1), third)));
        model.eval();
        using (LabelScope.Use(zeros(3, ScalarType.Int64)))
            Capture(model, () => model.call(ones(3, 4)));

        Assert.Equal([1, 1, 1, 1, 0, 0, 0, 0], Data.Values(first.validation_means));
        Assert.Equal([2, 2, 2, 2, 0, 0, 0, 0], Data.Values(second.validation_means));
        Assert.Equal([3, 3, 3, 3, 0, 0, 0, 0], Data.Values(third.validation_means));
    }

    [Fact]
    public void IsNeededBy_FindsLayersAnywhere()
    {
        using var layer = torch.nn.NSDropout(4, 2);
        using var deep = new Wrapper(torch.nn.Sequential(torch.nn.Sequential(torch.nn.NSDropout2d(4, 2))));
        using var plain = torch.nn.Sequential(torch.nn.Dropout(0.5));
        Assert.True(ValidationCapture.IsNeededBy(layer));
        Assert.True(ValidationCapture.IsNeededBy(deep));
        Assert.False(ValidationCapture.IsNeededBy(plain));
    }

    [Fact]
    public void Capture_NoData_KeepsTheFormerCache()
    {
        using var scope = NewDisposeScope();
        using var layer = Eval(Trained());
        var means = Data.Values(layer.validation_means);
        ValidationCapture.Begin(layer).Dispose();
        Assert.Equal(means, Data.Values(layer.validation_means));
        Assert.Equal(1, layer.validation_captures);
    }

    [Fact]
    public void Capture_NewData_ReplacesTheFormerCache()
    {
        using var scope = NewDisposeScope();
        using var layer = Eval(Trained(numFeatures: 2, numClasses: 2));
        using (LabelScope.Use(zeros(1, ScalarType.Int64)))
            Capture(layer, () => layer.call(tensor(new double[,] { { 5, 6 } })));
        Assert.Equal([5, 6, 0, 0], Data.Values(layer.validation_means));
        Assert.Equal([1, 0], Data.Integers(layer.validation_counts));
        Assert.Equal(2, layer.validation_captures);
    }

    [Fact]
    public void Capture_ExceptionBetweenTwoLayers_DropsTheIncompleteBatchForBoth()
    {
        using var scope = NewDisposeScope();
        var (first, bomb, second) = (torch.nn.NSDropout(2, 1), new Bomb(), torch.nn.NSDropout(2, 1));
        using var model = torch.nn.Sequential(first, bomb, second);
        model.eval();
        using var capture = ValidationCapture.Begin(model);
        Call(model, 1);
        bomb.Armed = true;
        Assert.Throws<TimeoutException>(() => Call(model, 100));
        bomb.Armed = false;
        Call(model, 3);
        capture.Complete();

        Assert.Equal([2, 2], Data.Values(first.validation_means));
        Assert.Equal([2, 2], Data.Values(second.validation_means));
        Assert.Equal(2, Data.Integers(first.validation_counts).Single());
    }

    [Fact]
    public void Capture_ExceptionInTheOnlyBatch_KeepsTheFormerCaches()
    {
        using var scope = NewDisposeScope();
        var (first, bomb, second) = (torch.nn.NSDropout(2, 1), new Bomb(), torch.nn.NSDropout(2, 1));
        using var model = torch.nn.Sequential(first, bomb, second);
        model.eval();
        Capture(model, () => Call(model, 1));
        bomb.Armed = true;
        Assert.Throws<TimeoutException>(() => Capture(model, () => Call(model, 100)));

        Assert.Equal([1, 1], Data.Values(first.validation_means));
        Assert.Equal([1, 1], Data.Values(second.validation_means));
        Assert.Equal((1, 1), (first.validation_captures, second.validation_captures));
        Assert.Null(ValidationCapture.Current);
    }

    [Fact]
    public void Capture_LayerThatNoBatchReaches_DoesNotKeepOthersFromTheirData()
    {
        using var scope = NewDisposeScope();
        var (used, unused) = (torch.nn.NSDropout(2, 1), torch.nn.NSDropout(2, 1));
        using var model = new Wrapper(used, unused);
        model.eval();
        Capture(model, () => Call(model, 4));
        Assert.Equal([4, 4], Data.Values(used.validation_means));
        Assert.False(unused.HasValidation);
    }

    [Fact]
    public void Capture_LayerCalledTwicePerBatch_TakesBothInputs()
    {
        using var scope = NewDisposeScope();
        using var layer = Eval(torch.nn.NSDropout(2, 1));
        using (LabelScope.Use(zeros(1, ScalarType.Int64)))
        {
            Capture(layer, () =>
            {
                layer.call(ones(1, 2));
                layer.call(ones(1, 2).mul(3));
            });
        }

        Assert.Equal([2, 2], Data.Values(layer.validation_means));
    }

    [Fact]
    public void Capture_ExplicitLabelsPerLayer_CountForEachLayer()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (torch.nn.NSDropout(2, 1), torch.nn.NSDropout(2, 1));
        using var model = torch.nn.Sequential(first, second);
        model.eval();
        var labels = zeros(1, ScalarType.Int64);
        Capture(model, () =>
        {
            for (var batch = 0; batch < 3; batch++)
                second.forward(first.forward(ones(1, 2).mul(batch), labels), labels);
        });

        Assert.Equal([1, 1], Data.Values(first.validation_means));
        Assert.Equal([1, 1], Data.Values(second.validation_means));
    }

    [Fact]
    public void Capture_InputChangedInPlaceAfterwards_KeepsWhatTheLayerSaw()
    {
        using var scope = NewDisposeScope();
        using var layer = Eval(torch.nn.NSDropout(2, 1, options: new NSDropoutOptions { KeepActivations = true }));
        var x = ones(1, 2);
        Capture(layer, () =>
        {
            layer.forward(x, zeros(1, ScalarType.Int64)).zero_();
            x.zero_();
        });

        Assert.Equal([1, 1], Data.Values(layer.validation_means));
        Assert.Equal([1, 1], Data.Values(layer.KeptValidation()!.Value.activations));
    }

    [Fact]
    public void Capture_KeepActivations_GivesAllRowsInOrderAndTheSameMeans()
    {
        using var scope = NewDisposeScope();
        using var layer = Eval(torch.nn.NSDropout(2, 2, options: new NSDropoutOptions { KeepActivations = true }));
        Capture(layer, () =>
        {
            using (LabelScope.Use(tensor(new long[] { 0, 1 }))) layer.call(tensor(new double[,] { { 1, 2 }, { 3, 4 } }));
            using (LabelScope.Use(tensor(new long[] { 1 }))) layer.call(tensor(new double[,] { { 5, 6 } }));
        });

        var (activations, labels) = layer.KeptValidation()!.Value;
        Assert.Equal([1, 2, 3, 4, 5, 6], Data.Values(activations));
        Assert.Equal([0, 1, 1], Data.Integers(labels));
        Assert.Equal([1, 2, 4, 5], Data.Values(layer.validation_means));
        layer.ResetValidation();
        Assert.Null(layer.KeptValidation());
    }

    [Fact]
    public void Capture_StatisticsOnly_KeepsNoRows()
    {
        using var scope = NewDisposeScope();
        using var layer = Trained();
        Assert.Null(layer.KeptValidation());
    }

    [Fact]
    public void Capture_Nested_InnermostThatHoldsTheLayerGetsTheBatch()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (torch.nn.NSDropout(2, 1), torch.nn.NSDropout(2, 1));
        using var model = torch.nn.Sequential(first, second);
        model.eval();
        Capture(model, () =>
        {
            using (ValidationCapture.Begin(second))
                Assert.Same(ValidationCapture.Current, ValidationCapture.For(second));
            Call(model, 1);
            Capture(second, () =>
            {
                second.forward(ones(1, 2).mul(9), zeros(1, ScalarType.Int64));
                Assert.NotSame(ValidationCapture.Current, ValidationCapture.For(first));
            });
        });

        // The outer capture is completed last, and its batch is the newer cache.
        Assert.Equal([1, 1], Data.Values(second.validation_means));
        Assert.Equal(2, second.validation_captures);
    }

    [Fact]
    public void Capture_ModelInTrainingMode_Throws()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(2, 1);
        using var capture = ValidationCapture.Begin(layer);
        var error = Assert.Throws<InvalidOperationException>(() => layer.forward(ones(1, 2), zeros(1, ScalarType.Int64)));
        Assert.Equal("ValidationCapture needs the model in eval mode, but NSDropout is in training mode: call model.eval() first.", error.Message);
    }

    [Fact]
    public void Capture_NoLabels_SaysBothWaysToGiveThem()
    {
        using var scope = NewDisposeScope();
        using var layer = Eval(torch.nn.NSDropout(2, 1));
        using var capture = ValidationCapture.Begin(layer);
        var error = Assert.Throws<InvalidOperationException>(() => layer.call(ones(1, 2)));
        Assert.StartsWith("NSDropout needs the labels of the batch inside a ValidationCapture, but got none:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Capture_InInferenceMode_LeavesStateThatTrainingCanChange()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(4, 2, 0.5, new NSDropoutOptions { KeepActivations = true });
        var (x, labels) = (Data.Normal(1, 6, 4), Balanced(6, 2));
        for (var epoch = 0; epoch < 3; epoch++)
        {
            layer.eval();
            Capture(layer, () =>
            {
                using (inference_mode())
                using (LabelScope.Use(labels))
                    layer.call(x.mul(2));
                using (no_grad())
                using (LabelScope.Use(labels))
                    layer.call(x);
            });

            layer.train();
            layer.forward(x, labels).sum();
        }

        Assert.Equal((3, 3), (layer.validation_captures, layer.mask_updates));
    }

    [Fact]
    public void Capture_InputRequiresGrad_KeepsNoGraph()
    {
        using var scope = NewDisposeScope();
        using var layer = Eval(torch.nn.NSDropout(4, 2, 0.5, new NSDropoutOptions { KeepActivations = true }));
        Capture(layer, () => layer.forward(Data.Normal(1, 6, 4).requires_grad_(), Balanced(6, 2)));
        Assert.False(layer.validation_means.requires_grad);
        Assert.False(layer.KeptValidation()!.Value.activations.requires_grad);
    }

    [Fact]
    public void Capture_InsideADisposeScope_StatisticsOutliveIt()
    {
        using var layer = Eval(torch.nn.NSDropout(2, 1, options: new NSDropoutOptions { KeepActivations = true }));
        Capture(layer, () =>
        {
            using var scope = NewDisposeScope();
            Call(layer, 5);
        });

        Assert.Equal([5, 5], Data.Values(layer.validation_means));
    }

    private sealed class Plus(double addend) : nn.Module<Tensor, Tensor>(nameof(Plus))
    {
        public override Tensor forward(Tensor input) => input.add(addend);
    }

    private sealed class Wrapper : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> inner;

        public Wrapper(nn.Module<Tensor, Tensor> inner, nn.Module? unused = null)
            : base(nameof(Wrapper))
        {
            this.inner = inner;
            if (unused is not null) register_module("unused", unused);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => inner.call(input);
    }
}
