using NsDropoutTorch.Experiments.Audit;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Tests.Audit;

public sealed class LayerAuditTests
{
    private static readonly long[][] TenThousand = [[4000, 1000], [1000, 4000]];

    [Fact]
    public void Of_LayerThatNeverSeesLabels_IsClean()
    {
        var audit = Assert.Single(LayerAudit.Of([Samples.Run("dropout", 22, 0.05), Samples.Run("dropout", 23, 0.07)]));

        Assert.Equal(LeakageVerdict.Clean, audit.Verdict);
        Assert.Equal("dropout is clean: no label reaches it, so none can leak.", audit.Sentence);
        Assert.Equal(0.06, audit.TestError, 12);
        Assert.Null(audit.ChanceBound);
    }

    // Of 10,000 samples of two classes, chance exceeds 51.65 % in one of two rates less than once in a thousand times.
    [Theory]
    [InlineData(0.5165, 0.5165, LeakageVerdict.Clean)]
    [InlineData(0.5166, 0.5, LeakageVerdict.MaskDependent)]
    [InlineData(0.5, 0.5166, LeakageVerdict.MaskDependent)]
    public void Of_FollowingRate_DependsBeyondTheBoundInTheRunOrOnNoise(double following, double onNoise, LeakageVerdict expected) =>
        Assert.Equal(expected, Audit(following, new NoiseControl(2, 0.5, 0.5, onNoise)).Verdict);

    [Fact]
    public void Of_TwoSeeds_PoolsTheirSamples()
    {
        var run = Run(0.515, null);

        Assert.Equal(LeakageVerdict.Clean, Assert.Single(LayerAudit.Of([run])).Verdict);
        Assert.Equal(LeakageVerdict.MaskDependent, Assert.Single(LayerAudit.Of([run, run with { Seed = 23 }])).Verdict);
    }

    [Fact]
    public void Of_SeveralLayersWithControls_CountsAllTheirRates()
    {
        var run = Run(0.5165, new NoiseControl(2, 0.5, 0.5, 0.5));

        var audits = LayerAudit.Of([run, run with { Seed = 23 }, run with { Layer = "nsdropout:p=0.3" }, Samples.Run("none", 22, 0.1)]);

        Assert.Equal([4, 4, null], audits.Select(audit => audit.RatesTested));
        Assert.Equal(ChanceBound.RateOf(20_000, 0.5, 4), audits[0].ChanceBound);
        Assert.Equal(ChanceBound.RateOf(10_000, 0.5, 4), audits[1].ChanceBound);
        Assert.Equal([LeakageVerdict.MaskDependent, LeakageVerdict.Clean, LeakageVerdict.Clean], audits.Select(audit => audit.Verdict));
    }

    [Fact]
    public void Of_SeedThatDiverged_JudgesTheOthersAndNamesIt()
    {
        var audit = Assert.Single(LayerAudit.Of([Run(0.98, null), Samples.Diverged("nsdropout", 23, labelMask: 0.1)]));

        Assert.Equal(LeakageVerdict.MaskDependent, audit.Verdict);
        Assert.Equal(0.87, audit.TestError, 12);
        Assert.Equal(ChanceBound.RateOf(10_000, 0.5, 1), audit.ChanceBound);
        Assert.EndsWith("with the mean mask. Left out, because it diverged there: seed 23.", audit.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_EverySeedDiverged_HasNoVerdict()
    {
        var audit = Assert.Single(LayerAudit.Of([Samples.Diverged("nsdropout", 22, epoch: 0, labelMask: 0.1), Samples.Diverged("nsdropout", 23, labelMask: 0.1)]));

        Assert.Null(audit.Verdict);
        Assert.True(audit is { MaskFollowingRate: null, ChanceBound: null, Noise: null, RatesTested: null });
        Assert.Equal(
            "nsdropout has no verdict: it diverged with seed 22 in epoch 1 (training loss not finite) and seed 23 in epoch 2 (training loss not finite).",
            audit.Sentence);
    }

    [Fact]
    public void Of_NoSamplesCounted_HasNoVerdict()
    {
        var audit = Assert.Single(LayerAudit.Of([Run(0.98, null) with { Confusion = [] }]));

        Assert.Null(audit.Verdict);
        Assert.Equal("nsdropout has no verdict: nothing tells how many samples it was tested on.", audit.Sentence);
    }

    [Fact]
    public void Of_NoiseControlThatDiverged_IsNotTestedAndSaysSo()
    {
        var audit = Audit(0.5, NoiseControl.Of(new Divergence(22, 0, "weights"), 2));

        Assert.Equal((LeakageVerdict.Clean, 1), (audit.Verdict, audit.RatesTested));
        Assert.EndsWith("Its training on shuffled labels diverged with seed 22 in epoch 1 (weights not finite) and tells nothing.", audit.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", audit.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Sentence_MaskDependent_HasAllNumbers() => Assert.Equal(
        "nsdropout is mask-dependent: given the mask of a random label, it answers with that label 98.00 % of the time; chance gives 50.00 %, and more than "
        + "51.65 % in any of the 2 rates tested in at most one comparison of a thousand. Its error is 0.02 % with masks of the true labels, 87.00 % without masks, 75.00 % with the mean mask. "
        + "Trained on shuffled labels, from which nothing can be learnt, it errs on 0.10 % with masks of the true labels, where guessing gives 50.00 %, and follows "
        + "the mask of a random label 99.00 % of the time.",
        Audit(0.98, new NoiseControl(2, 0.5, 0.001, 0.99)).Sentence);

    [Fact]
    public void Sentence_NoiseControlLeftOut_SaysNothingOfIt() => Assert.Equal(
        "nsdropout reads labels but is clean here: given the mask of a random label, it answers with that label 50.00 % of the time; chance gives 50.00 %, and "
        + "more than 51.55 % in at most one comparison of a thousand. Its error is 0.02 % with masks of the true labels, 87.00 % without masks, 75.00 % with the mean mask.",
        Audit(0.5, null).Sentence);

    private static LayerAudit Audit(double following, NoiseControl? noise) => Assert.Single(LayerAudit.Of([Run(following, noise)]));

    private static RunResult Run(double following, NoiseControl? noise) =>
        Samples.Run("nsdropout", 22, 0.87, 0.0002, following) with { Confusion = TenThousand, Audit = new(0.75, noise) };
}
