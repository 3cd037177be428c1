using FsCheck;
using FsCheck.Fluent;
using NsDropoutTorch.Experiments.Protocols;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class ProtocolTests
{
    [Theory]
    [InlineData(60_000, 8_000, 2_000)]
    [InlineData(10_000, 8_000, 2_000)]
    [InlineData(500, 400, 100)]
    [InlineData(25, 20, 5)]
    public void Reference_Split_KeepsTenThousandAndDividesFourToOne(int count, int fit, int maskStatistics)
    {
        var split = new ReferenceProtocol().Split([.. Enumerable.Range(0, count).Select(i => (byte)(i % 5))], 22);

        Assert.Equal(fit, split.Fit.Length);
        Assert.Equal(maskStatistics, split.MaskStatistics.Length);
        Assert.Same(split.MaskStatistics, split.Selection);
        Assert.Equal(fit + maskStatistics, split.Fit.Union(split.MaskStatistics).Count());
    }

    [Fact]
    public void Holdout_Split_IsDisjointCompleteAndStratified() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 9).Select(label => (byte)label).ArrayOf().Where(labels => labels.Length > 200).ToArbitrary(),
        labels =>
        {
            var split = new HoldoutProtocol().Split(labels, 1);
            long[] all = [.. split.Fit, .. split.MaskStatistics, .. split.Selection];
            return all.Order().SequenceEqual(Enumerable.Range(0, labels.Length).Select(i => (long)i))
                && Enumerable.Range(0, 10).All(label => IsStratified(split, labels, label));
        }));

    [Fact]
    public void Final_Split_FitsToAllThatIsNotMaskStatistics()
    {
        byte[] labels = [.. Enumerable.Range(0, 103).Select(i => (byte)(i % 10))];
        var split = new FinalProtocol().Split(labels, 1);

        Assert.Equal(20, split.MaskStatistics.Length);
        Assert.Equal(Enumerable.Range(0, 103).Select(i => (long)i), split.Fit.Concat(split.MaskStatistics).Order());
        Assert.Empty(split.Selection);
        Assert.Equal(103, split.For(needsCapture: false, readsLabels: false).Fit.Length);
    }

    [Theory]
    [InlineData("reference")]
    [InlineData("holdout")]
    [InlineData("final")]
    public void Split_OfAPart_UsesSoManyRowsThatTheSeedDraws(string name)
    {
        var protocol = Protocol.Find(name);
        byte[] labels = [.. Enumerable.Range(0, 1_000).Select(i => (byte)(i % 10))];

        var (split, other) = (Rows(22), Rows(23));

        Assert.Equal(200, split.Distinct().Count());
        Assert.Equal(200, other.Distinct().Count());
        Assert.NotEqual(split, other);
        var e = Assert.Throws<UserErrorException>(() => protocol.Split(labels, 22, samples: 1_001));
        Assert.Equal("a comparison must ask for no more training samples than there are, but it asks for 1001 of 1000.", e.Message);

        long[] Rows(long seed)
        {
            var parts = protocol.Split(labels, seed, samples: 200);
            return [.. parts.Fit.Union(parts.MaskStatistics).Union(parts.Selection).Order()];
        }
    }

    [Fact]
    public void Holdout_SplitOfAPart_IsStratified()
    {
        byte[] labels = [.. Enumerable.Range(0, 5_000).Select(i => (byte)(i % 10))];

        var split = Protocol.Holdout.Split(labels, 22, samples: 500);

        var used = split.Fit.Concat(split.MaskStatistics).Concat(split.Selection).CountBy(row => labels[row]).ToDictionary();
        Assert.All(split.Selection.CountBy(row => labels[row]), count => Assert.Equal(used[count.Key] / 5, count.Value));
        Assert.Equal(500, used.Values.Sum());
    }

    [Theory]
    [InlineData("reference")]
    [InlineData("holdout")]
    [InlineData("final")]
    public void Split_SameSeed_IsTheSameAndOtherSeedIsNot(string name)
    {
        var protocol = Protocol.Find(name);
        byte[] labels = [.. Enumerable.Range(0, 1_000).Select(i => (byte)(i % 10))];

        Assert.Equal(protocol.Split(labels, 22).Fit, protocol.Split(labels, 22).Fit);
        Assert.NotEqual(protocol.Split(labels, 22).Fit, protocol.Split(labels, 23).Fit);
    }

    [Fact]
    public void Split_TooFewSamples_SaysTheRule()
    {
        var e = Assert.Throws<UserErrorException>(() => new HoldoutProtocol().Split(new byte[4], 1));

        Assert.Equal("the holdout protocol must give every part at least one sample, but the training set has only 4.", e.Message);
    }

    [Theory]
    [InlineData("reference", "fit (80")]
    [InlineData("holdout", "fit (60")]
    [InlineData("final", "fit (80")]
    public void Split_OneClass_SaysThatItWouldShowNothing(string name, string part)
    {
        var e = Assert.Throws<UserErrorException>(() => Protocol.Find(name).Split(new byte[100], 22));

        Assert.Equal(
            $"the {name} protocol must give every part at least two classes, but with seed 22 all of the part for {part} samples) are of class 0; more samples, or another protocol, would do.", e.Message);
    }

    [Fact]
    public void For_GivesAModelAsTrainingDataWhatItDoesNotNeedForMasks()
    {
        var split = new DataSplit([1, 2, 3], [4, 5], [6]);

        Assert.Same(split, split.For(needsCapture: true, readsLabels: true));
        AssertParts([1, 2, 3, 4, 5], [4, 5], split.For(needsCapture: false, readsLabels: false));
        AssertParts([1, 2, 3, 4, 5], [6], split.For(needsCapture: true, readsLabels: false));

        void AssertParts(long[] fit, long[] maskStatistics, DataSplit parts)
        {
            Assert.Equal(fit, parts.Fit);
            Assert.Equal(maskStatistics, parts.MaskStatistics);
            Assert.Same(split.Selection, parts.Selection);
        }
    }

    [Fact]
    public void For_WithoutASelectionPart_KeepsMaskStatisticsOfAModelThatNeedsThem()
    {
        var split = new DataSplit([1, 2, 3], [4, 5], []);
        Assert.Same(split, split.For(needsCapture: true, readsLabels: false));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void For_SharedSelection_IsNeverTrainedOn(bool needsCapture)
    {
        long[] shared = [4, 5];
        var split = new DataSplit([1, 2, 3], shared, shared);
        Assert.Equal([1, 2, 3], split.For(needsCapture, readsLabels: false).Fit);
    }

    [Fact]
    public void Find_Unknown_SuggestsTheNearest()
    {
        var e = Assert.Throws<ArgumentException>(() => Protocol.Find("hold-out"));

        Assert.Equal("protocol must be one of reference, holdout, final, but got 'hold-out'; the nearest is 'holdout'.", e.Message);
    }

    private static bool IsStratified(DataSplit split, byte[] labels, int label)
    {
        int Count(long[] part) => part.Count(row => labels[row] == label);
        var fifth = labels.Count(other => other == label) / 5;
        return Count(split.MaskStatistics) == fifth && Count(split.Selection) == fifth;
    }
}
