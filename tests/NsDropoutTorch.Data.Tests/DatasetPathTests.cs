using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Data.Formats;

namespace NsDropoutTorch.Data.Tests;

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
        Assert.Equal([DataFileReader.Identify(path)], set.Files);
    }

    [Fact]
    public void Load_CsvFileWithAClassOfOneRow_SaysThatTheTestPartHasOneClass()
    {
        var path = folder.Write("mine.csv", "1.5,a\n2,b\n2,a\n3,a\n");
        Assert.Equal("The test part must have at least two classes, but all 1 samples of that of mine.csv are of class 'a'.", Message(path));
    }

    [Theory]
    [InlineData(new byte[] { 0, 2 }, new byte[] { 1, 1 }, "The test part must have at least two classes, but all 2 samples of that of own are of class '1'.")]
    [InlineData(new byte[] { 0, 0 }, new byte[] { 0, 1 }, "The training part must have at least two classes, but all 2 samples of that of own are of class '0'.")]
    [InlineData(new byte[] { 0, 2 }, new byte[] { 0, 1 }, "Every class of the test part must be in the training part, but own has '1' in its test part alone: add samples of it to the training part, or remove it.")]
    [InlineData(new byte[] { 0, 2 }, new byte[0], "The test part must have samples, but that of own has none.")]
    [InlineData(new byte[0], new byte[0], "The training part must have samples, but that of own has none.")]
    public void Load_PartsThatCanShowNothing_SaysWhy(byte[] train, byte[] test, string expected)
    {
        foreach (var (part, labels) in new[] { ("train", train), ("t10k", test) })
        {
            folder.Write($"own/{part}-images-idx3-ubyte", TestFiles.IdxImages(labels.Length, 1, 1, labels));
            folder.Write($"own/{part}-labels-idx1-ubyte", TestFiles.IdxLabels(labels));
        }

        Assert.Equal(expected, Message(Path.Combine(folder.Root, "own")));
    }

    [Fact]
    public void Load_FolderWithTheTrainingPairAlone_NamesWhatIsMissing()
    {
        folder.Write("own/train-images-idx3-ubyte.gz", "x");
        folder.Write("own/train-labels-idx1-ubyte", "x");
        var own = Path.Combine(folder.Root, "own");
        Assert.EndsWith(
            $"but {own} holds only train-images-idx3-ubyte.gz, train-labels-idx1-ubyte: add t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, each with or without .gz.",
            Message(own),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FolderWithTables_AsksForOne()
    {
        folder.Write("own/train.csv", "x");
        Assert.EndsWith("holds train.csv: give the path of one CSV file instead.", Message(Path.Combine(folder.Root, "own")), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ArchiveOfSomethingElse_SaysWhatItHolds()
    {
        var path = folder.Write("own.tgz", TestFiles.Gzip(TestFiles.Tar(("mnist.csv", "1,2\n"u8.ToArray()))));
        Assert.Equal(
            $"A tar archive must hold CIFAR-10 batches (data_batch_1.bin, …, test_batch.bin), but {path} holds mnist.csv: extract it, and give the file or folder in it.", Message(path));
    }

    [Fact]
    public void Load_LabelChosenForNoCsv_SaysSo()
    {
        var chosen = new DatasetCatalog([folder.Root]) { Csv = new CsvOptions { LabelColumn = "first" } };
        Assert.Equal("--label is for CSV files, but spiral is none: leave it out.", Assert.Throws<DataFormatException>(() => chosen.Load("spiral")).Message);
    }

    [Fact]
    public void Load_LabelChosenForACsv_IsTaken()
    {
        var path = folder.Write("mine.csv", string.Concat(Enumerable.Range(0, 30).Select(i => $"{i % 3},{i},0\n")));
        var chosen = new DatasetCatalog([folder.Root]) { Csv = new CsvOptions { LabelColumn = "first", Header = CsvHeader.No } };
        Assert.Equal(("column 1", 3), (chosen.Load(path).LabelColumn, chosen.Load(path).NumClasses));
    }

    [Fact]
    public void Load_FolderOfIdxFiles_CountsItsClasses()
    {
        folder.Write("own/train-images-idx3-ubyte", TestFiles.IdxImages(2, 1, 2, [1, 2, 3, 4]));
        folder.Write("own/train-labels-idx1-ubyte.gz", TestFiles.Gzip(TestFiles.IdxLabels(0, 2)));
        folder.Write("own/t10k-images-idx3-ubyte", TestFiles.IdxImages(2, 1, 2, [5, 6, 7, 8]));
        folder.Write("own/t10k-labels-idx1-ubyte", TestFiles.IdxLabels(2, 0));

        var set = (ImageDataset)catalog.Load(Path.Combine(folder.Root, "own"));

        Assert.Equal(("own", 3), (set.Name, set.NumClasses));
        Assert.Equal([5, 6, 7, 8], set.Test.Pixels);
        Assert.Equal(4, set.Files.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cifar-10-batches-bin/")]
    public void Load_FolderOfCifarBatches_ReadsThem(string inside)
    {
        folder.Write($"own/{inside}data_batch_1.bin", TestFiles.CifarBatch(6, 9));
        folder.Write($"own/{inside}test_batch.bin", TestFiles.CifarBatch(9, 6));

        Assert.Equal(2, catalog.Load(Path.Combine(folder.Root, "own")).Train.Count);
    }

    [Fact]
    public void Load_CifarArchive_ReadsIt()
    {
        var tar = TestFiles.Tar(("a/data_batch_1.bin", TestFiles.CifarBatch(6, 9)), ("a/test_batch.bin", TestFiles.CifarBatch(9, 6)));
        Assert.Equal(2, catalog.Load(folder.Write("own.tar.gz", TestFiles.Gzip(tar))).Test.Count);
        Assert.Equal(2, catalog.Load(folder.Write("own.tgz", TestFiles.Gzip(tar))).Test.Count);
        Assert.Equal(2, catalog.Load(folder.Write("own", tar)).Test.Count);
    }

    [Fact]
    public void Load_FolderWithoutData_SaysWhatItMustHold()
    {
        var error = Assert.Throws<DataFormatException>(() => catalog.Load(folder.Root));
        Assert.Equal(
            "A data folder must hold IDX files, train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte "
            + "(also as train-images.idx3-ubyte, with or without .gz), or CIFAR-10 batches (data_batch_1.bin, …), "
            + $"but {folder.Root} holds neither.",
            error.Message);
    }

    [Fact]
    public void Load_PathThatIsNotThere_SaysSo()
    {
        var path = Path.Combine(folder.Root, "nothing.csv");
        Assert.StartsWith($"A data file must exist, but {path} does not", Assert.Throws<DataFormatException>(() => catalog.Load(path)).Message, StringComparison.Ordinal);
    }

    private string Message(string path) => Assert.Throws<DataFormatException>(() => catalog.Load(path)).Message;
}
