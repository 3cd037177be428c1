namespace NsDropoutTorch.Tests;

public class NSDropoutOptionsTests
{
    [Fact]
    public void Default_IsTheDocumentedChoice()
    {
        var options = NSDropoutOptions.Default;
        Assert.False(options.AbsoluteGap || options.KeepLargest || options.SharedMask || options.KeepActivations);
        Assert.True(options.ScaleByCount && options.ScaleEval && options.ScaleBackward);
        Assert.Equal((null, 0, EvalMode.Identity), (options.Momentum, options.WarmupSteps, options.EvalMode));
        Assert.Equal(options, new NSDropoutOptions());
    }

    [Fact]
    public void Reference_DiffersFromDefaultInScalingAndInference() =>
        Assert.Equal(NSDropoutOptions.Default with { ScaleByCount = false, ScaleBackward = false, ScaleEval = false, EvalMode = EvalMode.LabelMask }, NSDropoutOptions.Reference);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(1.5, "1.5")]
    [InlineData(double.NaN, "NaN")]
    public void Momentum_OutOfRange_Throws(double momentum, string received)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new NSDropoutOptions { Momentum = momentum });
        Assert.StartsWith($"Momentum must be in (0, 1], but got {received}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WarmupSteps_Negative_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => NSDropoutOptions.Default with { WarmupSteps = -1 });
        Assert.StartsWith("WarmupSteps must be at least 0, but got -1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EvalMode_Unnamed_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new NSDropoutOptions { EvalMode = (EvalMode)7 });
        Assert.StartsWith("EvalMode must be one of Identity, MeanMask, LabelMask, but got 7.", error.Message, StringComparison.Ordinal);
    }
}
