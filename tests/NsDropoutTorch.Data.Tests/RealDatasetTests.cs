using NsDropoutTorch.Data.Catalog;

namespace NsDropoutTorch.Data.Tests;

/// <summary>The real sets, against what their publishers say of them.</summary>
public class RealDatasetTests
{
    [RealDataFact("mnist")]
    public void Load_Mnist_HasThePublishedCountsLabelsAndMean() => AssertIs(
        RealData.LoadImages("mnist"),
        (60000, 10000),
        [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
        [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
        [5, 0, 4, 1, 9, 2, 1, 3, 1, 4],
        [7, 2, 1, 0, 4, 1, 4, 9, 5, 9],
        [(0.13066, 0.30811)]);

    [RealDataFact("fashion-mnist")]
    public void Load_FashionMnist_HasThePublishedCountsLabelsAndMean() => AssertIs(
        RealData.LoadImages("fashion-mnist"),
        (60000, 10000),
        [.. Enumerable.Repeat(6000, 10)],
        [.. Enumerable.Repeat(1000, 10)],
        [9, 0, 0, 3, 0, 2, 7, 2, 5, 5],
        [9, 2, 1, 1, 6, 1, 4, 6, 5, 7],
        [(0.28604, 0.35302)]);

    [RealDataFact("cifar-10")]
    public void Load_Cifar10_HasThePublishedFirstLabelsAndPixels()
    {
        var set = RealData.LoadImages("cifar-10");

        Assert.Equal([6, 9, 9, 4, 1, 1, 2, 7, 8, 3], set.Train.Labels[..10]);
        Assert.Equal([3, 8, 8, 0, 6, 6, 1, 6, 3, 1], set.Test.Labels[..10]);
        Assert.Equal([59, 62, 63], new[] { 0, 1024, 2048 }.Select(i => (int)set.Train.PixelsOf(0)[i]));
        Assert.Equal([158, 112, 49], new[] { 0, 1024, 2048 }.Select(i => (int)set.Test.PixelsOf(0)[i]));
        Assert.Equal([1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981], set.Train.Slice(0, 10000).CountPerClass(10));
        Assert.Equal([984, 1007, 1010, 995, 1010, 988, 1008, 1026, 987, 985], set.Train.Slice(10000, 10000).CountPerClass(10));
    }

    [RealDataFact("cifar-10")]
    public void Load_Cifar10Batches_LearnsFromTheFirstBatchAndJudgesByTheSecond()
    {
        var (whole, set) = (RealData.LoadImages("cifar-10"), RealData.LoadImages("cifar-10-batches"));

        Assert.Equal((10_000, 10_000), (set.Train.Count, set.Test.Count));
        Assert.Equal(whole.Train.Slice(0, 10_000).Pixels, set.Train.Pixels);
        Assert.Equal(whole.Train.Labels[10_000..20_000], set.Test.Labels);
        Assert.Equal(whole.Files, set.Files);
    }

    [RealDataFact("cifar-10")]
    public void Load_Cifar10_HasTheKnownChannelMeansOfItsFirstTwoBatches() => AssertStatistics(
        [(0.49280, 0.24743), (0.48299, 0.24412), (0.44701, 0.26205)], RealData.LoadImages("cifar-10").Train.Slice(0, 20000));

    [Fact]
    public void Load_OptDigits_HasThePublishedCounts()
    {
        var set = (ImageDataset)RealData.Catalog(RealData.BroughtFolder).Load("optdigits");

        Assert.Equal((3823, 1797), (set.Train.Count, set.Test.Count));
        Assert.Equal([376, 389, 380, 389, 387, 376, 377, 387, 380, 382], set.Train.CountPerClass(10));
        Assert.Equal([178, 182, 177, 183, 181, 182, 181, 179, 174, 180], set.Test.CountPerClass(10));
        Assert.Equal([0, 1, 6, 15, 12, 1, 0, 0], set.Train.PixelsOf(0)[..8].ToArray());
    }

    [Fact]
    public void Load_Iris_HoldsOutAFifthOfEachSpecies()
    {
        var set = (TabularDataset)RealData.Catalog(RealData.BroughtFolder).Load("iris");

        Assert.Equal([40, 40, 40], set.Train.CountPerClass(3));
        Assert.Equal([10, 10, 10], set.Test.CountPerClass(3));
        Assert.Equal([5.1f, 3.5f, 1.4f, 0.2f], set.Train.ValuesOf(0).ToArray());
        Assert.Equal(["Iris-setosa", "Iris-versicolor", "Iris-virginica"], set.ClassNames);
    }

    [RealDataFact("mnist")]
    public void Load_Mnist_NamesTheFilesReadWithTheirHashes()
    {
        var files = RealData.LoadImages("mnist").Files;

        Assert.Equal(4, files.Count);
        Assert.All(files, file => Assert.Matches("^[0-9a-f]{64}$", file.Sha256));
        Assert.All(RealData.Catalog(RealData.Folder!).Verify("mnist"), check => Assert.Equal(FileState.Verified, check.State));
    }

    private static void AssertIs(
        ImageDataset set,
        (int Train, int Test) counts,
        int[] trainPerClass,
        int[] testPerClass,
        byte[] firstTrain,
        byte[] firstTest,
        (double Mean, double Deviation)[] statistics)
    {
        Assert.Equal(counts, (set.Train.Count, set.Test.Count));
        Assert.Equal(trainPerClass, set.Train.CountPerClass(10));
        Assert.Equal(testPerClass, set.Test.CountPerClass(10));
        Assert.Equal(firstTrain, set.Train.Labels[..10]);
        Assert.Equal(firstTest, set.Test.Labels[..10]);
        AssertStatistics(statistics, set.Train);
    }

    private static void AssertStatistics((double Mean, double Deviation)[] expected, ImageSet images) =>
        Assert.Equal(expected, ChannelStatistics.Of(images).Select(s => (Math.Round(s.Mean, 5), Math.Round(s.Deviation, 5))));
}
