using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

public class EvalModeTests
{
    [Theory]
    [InlineData(EvalMode.Identity)]
    [InlineData(EvalMode.MeanMask)]
    [InlineData(EvalMode.LabelMask)]
    public void Eval_BeforeAnyMask_IsIdentityAndNeedsNoLabels(EvalMode mode)
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(8, 3, 0.5, new NSDropoutOptions { EvalMode = mode });
        layer.CacheValidation(Data.Normal(1, 9, 8), Layers.Balanced(9, 3));
        layer.eval();
        var x = Data.Normal(2, 4, 8);
        Assert.True(Data.SameBits(x, layer.call(x)));
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public void LabelMask_MultipliesByTheMaskOfTheLabel(bool scaleEval, double factor)
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(options: new NSDropoutOptions { EvalMode = EvalMode.LabelMask, ScaleEval = scaleEval });
        layer.eval();
        var (x, y) = (Data.Normal(new Random(6), 7, 8), Data.Labels(new Random(6), 7, 3));
        Data.AssertClose(
            Data.Flat(SlowNSDropout.Multiply(x, y, Layers.Masks(layer), factor)), layer.forward(Data.Matrix(x), tensor(y)), 1e-12);
    }

    [Fact]
    public void LabelMask_NoLabels_SaysBothWaysToGiveThem()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(options: NSDropoutOptions.Reference);
        layer.eval();
        var error = Assert.Throws<InvalidOperationException>(() => layer.call(Data.Normal(1, 2, 8)));
        Assert.StartsWith("NSDropout needs the labels of the batch in EvalMode.LabelMask, but got none:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LabelMask_EqualsTrainingOutputUnderTheSameMasks()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained();
        var (x, labels) = (Data.Normal(7, 12, 8), Layers.Balanced(12, 3));
        var trained = layer.forward(x, labels);
        layer.eval();
        layer.EvalMode = EvalMode.LabelMask;
        Assert.True(Data.SameBits(trained, layer.forward(x, labels)));
    }

    [Fact]
    public void MeanMask_IsTheExpectationOverUniformLabels()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained();
        layer.eval();
        var x = Data.Normal(8, 5, 8);
        layer.EvalMode = EvalMode.LabelMask;
        var expected = Enumerable.Range(0, 3)
            .Select(c => Data.Values(layer.forward(x, full(5, c, ScalarType.Int64))))
            .Aggregate((a, b) => [.. a.Zip(b, (l, r) => l + r)])
            .Select(sum => sum / 3);
        layer.EvalMode = EvalMode.MeanMask;
        Data.AssertClose([.. expected], layer.call(x), 1e-12);
    }

    [Fact]
    public void MeanMask_Unscaled_LeavesOutTheFactor()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(options: new NSDropoutOptions { EvalMode = EvalMode.MeanMask, ScaleEval = false });
        layer.eval();
        var masks = Layers.Masks(layer);
        var mean = Enumerable.Range(0, 8).Select(j => masks.Count(m => m[j]) / 3.0);
        Data.AssertClose([.. mean], layer.call(ones(1, 8, ScalarType.Float64)), 1e-12);
    }

    [Theory]
    [InlineData(EvalMode.MeanMask)]
    [InlineData(EvalMode.LabelMask)]
    public void SharedMask_AnyMaskedMode_NeedsNoLabels(EvalMode mode)
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(options: new NSDropoutOptions { SharedMask = true, EvalMode = mode });
        layer.eval();
        var mask = Layers.Masks(layer).Single();
        Assert.Equal(mask.Select(keep => keep ? 2.0 : 0), Data.Values(layer.call(ones(1, 8, ScalarType.Float64))));
    }

    [Fact]
    public void EvalMode_SetByTheInterface_ChangesWhatEvalDoes()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained();
        layer.eval();
        var masked = torch.nn.Sequential(layer).modules().OfType<ILabelMasked>().Single();
        var x = Data.Normal(8, 5, 8);
        masked.EvalMode = EvalMode.MeanMask;
        Assert.False(Data.SameBits(x, layer.call(x)));
        masked.EvalMode = EvalMode.Identity;
        Assert.True(Data.SameBits(x, layer.call(x)));
        Assert.Throws<ArgumentOutOfRangeException>(() => masked.EvalMode = (EvalMode)9);
    }
}
