using NsDropoutTorch.Data.Catalog;

namespace NsDropoutTorch.Data.Tests;

/// <summary>
/// Real sets, against what their publishers say of them: optdigits and iris, which the repository has, and those of the folder that NSDROPOUT_DATA names.
/// </summary>
public class RealDatasetTests
{
    private static readonly DatasetCatalog Catalog = DatasetCatalog.Over();

    private static readonly Dictionary<string, Action<Dataset>> Published = new(StringComparer.Ordinal)
    {
        ["optdigits"] = set =>
        {
            AssertCounts(set, [376, 389, 380, 389, 387, 376, 377, 387, 380, 382], [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
            Assert.Equal([0, 1, 6, 15, 12, 1, 0, 0], ((ImageSet)set.Train).PixelsOf(0)[..8].ToArray());
        },
        ["iris"] = set =>
        {
            AssertCounts(set, [40, 40, 40], [10, 10, 10]);
            Assert.Equal([5.1f, 3.5f, 1.4f, 0.2f], ((TabularSet)set.Train).ValuesOf(0).ToArray());
            Assert.Equal(["Iris-setosa", "Iris-versicolor", "Iris-virginica"], set.ClassNames);
        },
        ["mnist"] = set =>
        {
            AssertCounts(set, [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
            AssertFirst(set, [5, 0, 4, 1, 9, 2, 1, 3, 1, 4], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
            AssertStatistics((ImageSet)set.Train, (0.13066, 0.30811));
        },
        ["fashion-mnist"] = set =>
        {
            AssertCounts(set, [.. Enumerable.Repeat(6000, 10)], [.. Enumerable.Repeat(1000, 10)]);
            AssertFirst(set, [9, 0, 0, 3, 0, 2, 7, 2, 5, 5], [9, 2, 1, 1, 6, 1, 4, 6, 5, 7]);
            AssertStatistics((ImageSet)set.Train, (0.28604, 0.35302));
        },
        ["cifar-10"] = set =>
        {
            var (train, test) = ((ImageSet)set.Train, (ImageSet)set.Test);
            AssertFirst(set, [6, 9, 9, 4, 1, 1, 2, 7, 8, 3], [3, 8, 8, 0, 6, 6, 1, 6, 3, 1]);
            Assert.Equal([59, 62, 63], new[] { 0, 1024, 2048 }.Select(i => (int)train.PixelsOf(0)[i]));
            Assert.Equal([158, 112, 49], new[] { 0, 1024, 2048 }.Select(i => (int)test.PixelsOf(0)[i]));
            Assert.Equal([1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981], train.Slice(0, 10000).CountPerClass(10));
            Assert.Equal([984, 1007, 1010, 995, 1010, 988, 1008, 1026, 987, 985], train.Slice(10000, 10000).CountPerClass(10));
            AssertStatistics(train.Slice(0, 20000), (0.49280, 0.24743), (0.48299, 0.24412), (0.44701, 0.26205));
        },
        ["cifar-10-batches"] = set =>
        {
            var whole = Catalog.Load("cifar-10");
            Assert.Equal((10_000, 10_000), (set.Train.Count, set.Test.Count));
            Assert.Equal(((ImageSet)whole.Train).Slice(0, 10_000).Pixels, ((ImageSet)set.Train).Pixels);
            Assert.Equal(whole.Train.Labels[10_000..20_000], set.Test.Labels);
            Assert.Equal(whole.Files, set.Files);
        },
    };

    public static TheoryData<string> Here => [.. Published.Keys.Where(name => Catalog.Find(name).IsAvailable)];

    [Fact]
    public void Here_HasWhatTheRepositoryBrings() => Assert.All(["optdigits", "iris"], name => Assert.True(Catalog.Find(name).IsAvailable, name));

    [Theory, MemberData(nameof(Here))]
    public void Load_SetThatIsHere_IsWhatItsPublisherSays(string name) => Published[name](Catalog.Load(name));

    [Theory, MemberData(nameof(Here))]
    public void Load_SetThatIsHere_NamesTheFilesReadWithTheirHashes(string name)
    {
        var checks = Catalog.Verify(name).Where(check => check.Found is not null).ToArray();

        // A part of CIFAR-10 has no published hash.
        Assert.All(checks, check => Assert.True(check.State == FileState.Verified || (check.State == FileState.Unknown && name.StartsWith("cifar-10", StringComparison.Ordinal)), $"{check}"));
        Assert.All(Catalog.Load(name).Files, file => Assert.Contains(file.Sha256, checks.Select(check => check.Found!.Sha256)));
        Assert.NotEmpty(checks);
    }

    private static void AssertCounts(Dataset set, int[] train, int[] test)
    {
        Assert.Equal(train, set.Train.CountPerClass(set.NumClasses));
        Assert.Equal(test, set.Test.CountPerClass(set.NumClasses));
        Assert.Equal((train.Sum(), test.Sum()), (set.Train.Count, set.Test.Count));
    }

    private static void AssertFirst(Dataset set, byte[] train, byte[] test)
    {
        Assert.Equal(train, set.Train.Labels[..train.Length]);
        Assert.Equal(test, set.Test.Labels[..test.Length]);
    }

    private static void AssertStatistics(ImageSet images, params (double Mean, double Deviation)[] expected) =>
        Assert.Equal(expected, ChannelStatistics.Of(images).Select(s => (Math.Round(s.Mean, 5), Math.Round(s.Deviation, 5))));
}
