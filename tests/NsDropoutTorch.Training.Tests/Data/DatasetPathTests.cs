using NsDropoutTorch.Training.Data;

namespace NsDropoutTorch.Training.Tests.Data;

public sealed class DatasetPathTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DatasetCatalog catalog;

    public DatasetPathTests() => catalog = new DatasetCatalog([folder.Root]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Load_CsvFile_HoldsOutAFifthOfEachClass()
    {
        var path = folder.Write("mine.csv", string.Concat(Enumerable.Range(0, 30).Select(i => $"{i},{(i < 20 ? "many" : "few")}\n")));

        var set = (TabularDataset)catalog.Load(path);

        Assert.Equal(["few", "many"], set.ClassNames);
        Assert.Equal([8, 16], set.Train.CountPerClass(2));
        Assert.Equal([2, 4], set.Test.CountPerClass(2));
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (float)i), set.Train.Values.Concat(set.Test.Values).Order());
        Assert.Equal(set.Test.Values, ((TabularDataset)catalog.Load(path)).Test.Values);
        Assert.Equal([DataFile.Of(path)], set.Files);
    }

    [Fact]
    public void Load_CsvFileWithSingleRowsOnly_SaysThatThereIsNothingToTest()
    {
        var path = folder.Write("mine.csv", "1,a\n2,b\n");
        var error = Assert.Throws<DataFormatException>(() => catalog.Load(path));
        Assert.Equal("A data set must have a class with at least two rows, one to learn from and one to test, but mine.csv has none.", error.Message);
    }

    [Fact]
    public void Load_FolderOfIdxFiles_CountsItsClasses()
    {
        folder.Write("own/train-images-idx3-ubyte", TestFiles.IdxImages(2, 1, 2, [1, 2, 3, 4]));
        folder.Write("own/train-labels-idx1-ubyte.gz", TestFiles.Gzip(TestFiles.IdxLabels(0, 2)));
        folder.Write("own/t10k-images-idx3-ubyte", TestFiles.IdxImages(1, 1, 2, [5, 6]));
        folder.Write("own/t10k-labels-idx1-ubyte", TestFiles.IdxLabels(1));

        var set = (ImageDataset)catalog.Load(Path.Combine(folder.Root, "own"));

        Assert.Equal(("own", 3), (set.Name, set.NumClasses));
        Assert.Equal([5, 6], set.Test.Pixels);
        Assert.Equal(4, set.Files.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cifar-10-batches-bin/")]
    public void Load_FolderOfCifarBatches_ReadsThem(string inside)
    {
        folder.Write($"own/{inside}data_batch_1.bin", TestFiles.CifarBatch(6, 9));
        folder.Write($"own/{inside}test_batch.bin", TestFiles.CifarBatch(3));

        Assert.Equal(2, catalog.Load(Path.Combine(folder.Root, "own")).Train.Count);
    }

    [Fact]
    public void Load_CifarArchive_ReadsIt()
    {
        var tar = TestFiles.Tar(("a/data_batch_1.bin", TestFiles.CifarBatch(6, 9)), ("a/test_batch.bin", TestFiles.CifarBatch(3)));
        Assert.Equal(1, catalog.Load(folder.Write("own.tar.gz", TestFiles.Gzip(tar))).Test.Count);
    }

    [Fact]
    public void Load_FolderWithoutData_SaysWhatItMustHold()
    {
        var error = Assert.Throws<DataFormatException>(() => catalog.Load(folder.Root));
        Assert.Equal(
            "A data folder must hold IDX files (train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-…) or CIFAR-10 batches (data_batch_1.bin, …), "
            + $"but {folder.Root} holds neither.",
            error.Message);
    }

    [Fact]
    public void Load_PathThatIsNotThere_SaysSo()
    {
        var path = Path.Combine(folder.Root, "nothing.csv");
        Assert.StartsWith($"A data file must exist, but {path} does not", Assert.Throws<DataFormatException>(() => catalog.Load(path)).Message, StringComparison.Ordinal);
    }
}
