using NsDropoutTorch.Experiments.Report;

namespace NsDropoutTorch.Experiments.Tests.Report;

public sealed class AuditVerdictTests
{
    private static readonly long[][] TenThousand = [[4000, 1000], [1000, 4000]];

    [Fact]
    public void Of_MaskThatDecides_SaysSoWithItsNumbers()
    {
        var verdict = Verdict(0.87, 0.0002, 0.98);

        Assert.True(verdict.DependsOnMask);
        Assert.Equal("nsdropout reads the answer off its mask", verdict.Headline);
        Assert.Equal(
            "With masks chosen by the true label, nsdropout errs on 0.02 % of the test set; without labels the same weights err on 87.00 %. "
            + "Given the mask of a random label, its answer is that label 98.00 % of the time, where chance would give 50.00 %. "
            + "The label-mask figure is no score: whoever chose the mask knew the answer.",
            verdict.Sentence.Replace('\u00A0', ' '));
    }

    // The standard error of a rate of one half over 10,000 samples is half a per cent.
    [Theory]
    [InlineData(0.05, 0.05, 0.519, false)]
    [InlineData(0.05, 0.05, 0.521, true)]
    [InlineData(0.05, 0.031, 0.5, false)]
    [InlineData(0.05, 0.02, 0.5, true)]
    [InlineData(0.05, 0.07, 0.5, false)]
    public void DependsOnMask_BesideChance_BeginsAtFourStandardErrors(double error, double labelMask, double following, bool expected) =>
        Assert.Equal(expected, Verdict(error, labelMask, following) with { Noise = 0.005 } is { DependsOnMask: true });

    [Fact]
    public void Of_LayersWithoutLabels_IsEmpty() => Assert.Empty(AuditVerdict.Of([Samples.Run("none", 1, 0.1)]));

    private static AuditVerdict Verdict(double error, double labelMask, double following) =>
        Assert.Single(AuditVerdict.Of([Samples.Run("nsdropout", 1, error, labelMask, following) with { Confusion = TenThousand }]));
}
