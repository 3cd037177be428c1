using NsDropoutTorch.Experiments.Audit;

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

    // Of 10,000 samples of two classes, chance exceeds 51.55 % less than once in a thousand times.
    [Theory]
    [InlineData(0.5155, 0.5155, LeakageVerdict.Clean)]
    [InlineData(0.5156, 0.5, LeakageVerdict.MaskDependent)]
    [InlineData(0.5, 0.5156, LeakageVerdict.MaskDependent)]
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
    public void Sentence_MaskDependent_HasAllNumbers() => Assert.Equal(
        "nsdropout is mask-dependent: given the mask of a random label, it answers with that label 98.00 % of the time; chance gives 50.00 %, and no more than "
        + "51.55 % but for one audit in a thousand. Its error is 0.02 % with masks of the true labels, 87.00 % without masks, 75.00 % with the mean mask. "
        + "Trained on shuffled labels, from which nothing can be learnt, it errs on 0.10 % with masks of the true labels, where guessing gives 50.00 %, and follows "
        + "the mask of a random label 99.00 % of the time.",
        Audit(0.98, new NoiseControl(2, 0.5, 0.001, 0.99)).Sentence);

    [Fact]
    public void Sentence_NoiseControlLeftOut_SaysNothingOfIt() => Assert.Equal(
        "nsdropout reads labels but is clean here: given the mask of a random label, it answers with that label 50.00 % of the time, no more than the 51.55 % that "
        + "chance stays below but for one audit in a thousand. Its error is 0.02 % with masks of the true labels, 87.00 % without masks, 75.00 % with the mean mask.",
        Audit(0.5, null).Sentence);

    private static LayerAudit Audit(double following, NoiseControl? noise) => Assert.Single(LayerAudit.Of([Run(following, noise)]));

    private static RunResult Run(double following, NoiseControl? noise) =>
        Samples.Run("nsdropout", 22, 0.87, 0.0002, following) with { Confusion = TenThousand, Audit = new(0.75, noise) };
}
