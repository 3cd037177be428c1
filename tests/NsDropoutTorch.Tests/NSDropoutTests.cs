using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>What a step of the layer does, with the questions PyTorch asks of its dropouts.</summary>
public class NSDropoutTests
{
    [Theory]
    [InlineData(-0.1, "-0.1")]
    [InlineData(1, "1")]
    [InlineData(1.2, "1.2")]
    public void Constructor_InvalidP_Throws(double p, string received)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => torch.nn.NSDropout(4, 2, p));
        Assert.StartsWith($"p must be in [0, 1), but got {received}.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 2, "num_features must be at least 1, but got 0.")]
    [InlineData(4, 0, "num_classes must be at least 1, but got 0.")]
    [InlineData(-4, 2, "num_features must be at least 1, but got -4.")]
    public void Constructor_NoFeaturesOrClasses_Throws(long numFeatures, long numClasses, string message)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => torch.nn.NSDropout(numFeatures, numClasses));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rate_SetDuringTraining_CountsFromTheNextStep()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(numFeatures: 8, p: 0.5);

        layer.p = 0.25;
        layer.forward(Data.Normal(103, 30, 8), Layers.Balanced(30, 3));

        Assert.All(Layers.Masks(layer), mask => Assert.Equal(2, mask.Count(kept => !kept)));
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.p = 1);
        Assert.Equal(0.25, layer.p);
    }

    [Fact]
    public void Train_NoCacheYet_IsOrdinaryDropout()
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        using var layer = torch.nn.NSDropout(100, 2, 0.25);
        var output = Data.Values(layer.forward(ones(200, 100), Layers.Balanced(200, 2)));
        Assert.All(output, v => Assert.True(v == 0 || Math.Abs(v - (1 / 0.75)) < 1e-6));
        // Five standard deviations of a mean over 20,000 draws.
        Assert.InRange(output.Count(v => v == 0) / 20000.0, 0.25 - 0.0154, 0.25 + 0.0154);
        Assert.Equal((1, 0), (layer.steps, layer.mask_updates));
    }

    [Fact]
    public void Train_NoCacheYet_GradientFlowsThroughTheSameMask()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(20, 2, 0.5);
        var x = ones(10, 20, requires_grad: true);
        var output = layer.forward(x, Layers.Balanced(10, 2));
        output.sum().backward();
        Assert.Equal(Data.Values(output), Data.Values(x.grad!));
    }

    [Fact]
    public void Train_SameSeed_SameBernoulliMask()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(20, 2, 0.5);
        manual_seed(11);
        var first = layer.forward(ones(10, 20), Layers.Balanced(10, 2));
        manual_seed(11);
        Assert.True(Data.SameBits(first, layer.forward(ones(10, 20), Layers.Balanced(10, 2))));
    }

    [Fact]
    public void Train_LabelScope_EqualsExplicitLabels()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained();
        var (x, labels) = (Data.Normal(5, 12, 8), Data.Labels(5, 12, 3));
        var expected = layer.forward(x, labels);
        using (LabelScope.Use(labels))
            Assert.True(Data.SameBits(expected, layer.call(x)));
    }

    [Fact]
    public void Train_ExplicitLabels_WinOverTheOpenScope()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained();
        var (x, labels) = (Data.Normal(5, 12, 8), Layers.Balanced(12, 3));
        var expected = layer.forward(x, labels);
        using (LabelScope.Use(zeros(12, ScalarType.Int64)))
            Assert.True(Data.SameBits(expected, layer.forward(x, labels)));
    }

    [Fact]
    public void Train_NoLabels_SaysBothWaysToGiveThem()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(4, 2);
        var error = Assert.Throws<InvalidOperationException>(() => layer.forward(ones(3, 4)));
        Assert.Equal(
            "NSDropout needs the labels of the batch in training mode, but got none: open `using (LabelScope.Use(labels))` around the call, or call forward(input, labels).",
            error.Message);
        Assert.Equal(0, layer.steps);
    }

    [Fact]
    public void Train_WarmupSteps_AreOrdinaryDropoutFirst()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(8, 3, 0.5, new NSDropoutOptions { WarmupSteps = 2 });
        layer.CacheValidation(Data.Normal(1, 9, 8), Layers.Balanced(9, 3));
        var updates = new List<long>();
        for (var step = 0; step < 4; step++)
        {
            layer.forward(Data.Normal(step, 9, 8), Layers.Balanced(9, 3));
            updates.Add(layer.mask_updates);
        }

        Assert.Equal([0, 0, 1, 2], updates);
        Assert.Equal(4, layer.steps);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Train_GapAndRuleOptions_AgreeWithTheOracle(bool absolute, bool keepLargest)
    {
        using var scope = NewDisposeScope();
        var random = new Random(3);
        var (x, xv) = (Data.Normal(random, 40, 10), Data.Normal(random, 30, 10));
        var (y, yv) = (Data.Labels(random, 40, 3), Data.Labels(random, 30, 3));
        using var layer = torch.nn.NSDropout(10, 3, 0.3, new NSDropoutOptions { AbsoluteGap = absolute, KeepLargest = keepLargest });
        layer.CacheValidation(Data.Matrix(xv), tensor(yv));
        layer.forward(Data.Matrix(x), tensor(y));
        Assert.Equal(SlowNSDropout.Masks(x, y, xv, yv, 3, 0.3, null, absolute, keepLargest), Layers.Masks(layer));
    }

    [Fact]
    public void Train_SharedMask_NeedsNoLabelsAndUsesMeansOverAllRows()
    {
        using var scope = NewDisposeScope();
        var random = new Random(4);
        var (x, xv) = (Data.Normal(random, 40, 10), Data.Normal(random, 30, 10));
        using var layer = torch.nn.NSDropout(10, 3, 0.3, new NSDropoutOptions { SharedMask = true });
        layer.eval();
        Layers.Capture(layer, () => layer.call(Data.Matrix(xv)));

        layer.train();
        var output = layer.forward(Data.Matrix(x));

        var masks = SlowNSDropout.Masks(x, new long[40], xv, new long[30], 1, 0.3);
        Assert.False(layer.UsesLabels);
        Assert.Equal(masks, Layers.Masks(layer));
        Data.AssertClose(Data.Flat(SlowNSDropout.Multiply(x, new long[40], masks, SlowNSDropout.CountScales(masks))), output, 1e-12);
    }

    [Fact]
    public void Train_Momentum_UsesTheRunningAverageOfBatchMeans()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(2, 1, 0.5, new NSDropoutOptions { Momentum = 0.25 });
        var labels = zeros(1, ScalarType.Int64);
        layer.forward(tensor(new double[,] { { 8, 0 } }), labels);
        layer.CacheValidation(tensor(new double[,] { { 0, 0 } }), labels);
        layer.forward(tensor(new double[,] { { 0, 4 } }), labels);

        // 0.75·8 + 0.25·0 = 6 against 0.25·4 = 1: the first neuron is dropped, which the last batch alone would keep.
        Assert.Equal([6, 1], Data.Values(layer.training_means!));
        Assert.Equal([[false, true]], Layers.Masks(layer));
    }

    [Fact]
    public void Eval_Identity_IsANewTensorOfTheSameValuesAndNeedsNoLabels()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained();
        layer.eval();
        var x = Data.Normal(9, 5, 8);
        var output = layer.call(x);
        Assert.NotSame(x, output);
        Assert.True(Data.SameBits(x, output));
        Assert.Equal(1, layer.steps);
    }

    [Fact]
    public void TrainAndEval_Repeated_KeepTheState()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained();
        var masks = Layers.Masks(layer);
        for (var i = 0; i < 3; i++)
        {
            layer.train();
            layer.train();
            layer.eval();
            layer.eval();
        }

        Assert.False(layer.training);
        Assert.Equal(masks, Layers.Masks(layer));
        Assert.Equal((1, 1, 1), (layer.steps, layer.mask_updates, layer.validation_captures));
    }

    public static TheoryData<Func<Tensor>, string> WrongInputs() => new()
    {
        { () => ones(3, 5), "input must have shape [N, 4], but got [3, 5]." },
        { () => ones(4), "input must have shape [N, 4], but got [4]." },
        { () => ones(3, 4, 2), "input must have shape [N, 4], but got [3, 4, 2]." },
        { () => ones(3, 4, ScalarType.Int64), "input must have a floating-point dtype, but got Int64: convert it with input.to(torch.float32)." },
        { () => ones(3, 4, device: META), "input must be on the layer's device cpu, but got meta: move the model with model.to(device)." },
    };

    [Theory, MemberData(nameof(WrongInputs))]
    public void Forward_WrongInput_SaysTheRuleInBothModes(Func<Tensor> make, string message)
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(4, 2);
        foreach (var training in new[] { true, false })
        {
            layer.train(training);
            var error = Assert.Throws<ArgumentException>(() => layer.forward(make(), zeros(3, ScalarType.Int64)));
            Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Forward_LabelsOfAnotherNumberOfClasses_SaysTheRange()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(4, 2);
        var error = Assert.Throws<ArgumentException>(() => layer.forward(ones(3, 4), tensor(new long[] { 0, 1, 2 })));
        Assert.StartsWith("labels must hold class indices in [0, 2), but got 2 at row 2.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_Throws_LeavesNoTensorBehind()
    {
        using var layer = torch.nn.NSDropout(4, 2);
        using var x = ones(3, 4);
        using var labels = tensor(new long[] { 0, 1 });
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.Throws<ArgumentException>(() => layer.forward(x, labels));
        Assert.Throws<ArgumentException>(() => layer.CacheValidation(x, labels));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void ToString_NamesTheSettings()
    {
        using var layer = torch.nn.NSDropout(128, 10, 0.2);
        Assert.Equal("NSDropout(num_features=128, num_classes=10, p=0.2, EvalMode=Identity)", layer.ToString());
    }

    [Fact]
    public void Dispose_FreesTheStateAndKeptActivations()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var layer = Layers.Trained(options: new NSDropoutOptions { KeepActivations = true, Momentum = 0.5 });
        Assert.True(DisposeScopeManager.Statistics.ThreadTotalLiveCount > before);
        layer.Dispose();
        layer.Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
