using NsDropoutTorch.Data.Catalog;

namespace NsDropoutTorch.Data.Tests;

/// <summary>The same files as different people have unpacked and named them.</summary>
public sealed class DataLayoutTests : IDisposable
{
    private static readonly string[] Published = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];
    private readonly TemporaryFolder folder = new();
    private readonly DatasetCatalog catalog;

    public DataLayoutTests() => catalog = new DatasetCatalog([folder.Root]);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("mnist", "mnist/{0}.gz")]
    [InlineData("mnist", "MNIST/raw/{0}")]
    [InlineData("mnist", "MNIST/raw/{0}.gz")]
    [InlineData("mnist", "Mnist/{0}.GZ")]
    [InlineData("mnist", "mnist/MNIST/raw/{0}")]
    [InlineData("mnist", "mnist/test_data/{0}")]
    [InlineData("mnist", "mnist-dataset/{0}/{0}")]
    [InlineData("mnist", "MNIST Dataset/{0}.gz/{0}.gz")]
    [InlineData("fashion-mnist", "FashionMNIST/raw/{0}")]
    [InlineData("fashion-mnist", "fashion_mnist/{0}")]
    [InlineData("fashion-mnist", "Fashion-MNIST/{0}.gz")]
    [InlineData("fashion-mnist", "fashionmnist/archive/{0}")]
    [InlineData("fashion-mnist", "fashion-mnist/data/fashion/{0}.gz")]
    [InlineData("fashion-mnist", "FMNIST/RAW/{0}")]
    public void Find_FolderOfAnySpelling_FindsTheFourFilesInOrder(string name, string pattern)
    {
        var written = WriteAll(pattern);

        var location = catalog.Find(name);

        Assert.Equal(written, location.Files);
        Assert.StartsWith(location.Folder!, written[0], StringComparison.Ordinal);
        Assert.True(location.IsAvailable);
    }

    [Theory]
    [InlineData("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte")]
    [InlineData("train-images.idx3-ubyte.gz", "train-labels-idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels-idx1-ubyte.gz")]
    [InlineData("train_images_idx3_ubyte", "train_labels_idx1_ubyte", "test_images_idx3_ubyte", "test_labels_idx1_ubyte")]
    [InlineData("Train-Images.IDX3-UByte", "Train-Labels.IDX1-UByte", "Test-Images.IDX3-UByte", "Test-Labels.IDX1-UByte")]
    [InlineData("train-images-idx3-ubyte/train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte/t10k-images-idx3-ubyte", "t10k-labels.idx1-ubyte")]
    public void Find_FilesOfAnySpelling_FindsThem(params string[] files)
    {
        var written = Array.ConvertAll(files, file => folder.Write($"mnist/{file}", file));
        Assert.Equal(written, catalog.Find("mnist").Files);
    }

    [Theory]
    [InlineData("MNIST", "MNIST/raw/{0}")]
    [InlineData("mnist/raw", "mnist/raw/{0}.gz")]
    [InlineData("mnist/test_data", "mnist/test_data/{0}")]
    public void Find_DataFolderThatIsTheSetsOwn_IsLookedIn(string dataFolder, string pattern)
    {
        var written = WriteAll(pattern);
        Assert.Equal(written, new DatasetCatalog([Path.Combine(folder.Root, dataFolder)]).Find("mnist").Files);
    }

    [Fact]
    public void Find_OneSetsFilesInTheFolderOfAnother_AreNotItsOwn()
    {
        WriteAll("mnist/FashionMNIST/raw/{0}");
        WriteAll("mnist/KMNIST/raw/{0}");
        WriteAll("mnist/.cache/{0}");
        Assert.Null(catalog.Find("mnist").Folder);
        Assert.Null(catalog.Find("fashion-mnist").Folder);
    }

    [Fact]
    public void Find_SeveralSpellingsInOneFolder_TakesThePublishersCompressedFirst()
    {
        string[] inOrder = [.. new[] { "{0}.gz", "{0}", "a/{0}.gz" }.Select(pattern => WriteAll($"mnist/{pattern}")[0])];
        var last = folder.Write("mnist/train-images.idx3-ubyte", "");

        foreach (var path in inOrder[..2])
        {
            Assert.Equal(path, catalog.Find("mnist").Files[0]);
            File.Delete(path);
        }

        Assert.Equal(last, catalog.Find("mnist").Files[0]);
        File.Delete(last);
        Assert.Equal(inOrder[2], catalog.Find("mnist").Files[0]);
    }

    [Fact]
    public void Find_SeveralFolders_TakesTheOneOfTheExactNameThenTheOrdinallyFirst()
    {
        string[] inOrder = [.. new[] { "fashion-mnist/{0}", "FashionMNIST/raw/{0}", "fashion_mnist/{0}", "fmnist/{0}" }.Select(pattern => WriteAll(pattern)[0])];

        foreach (var path in inOrder)
        {
            Assert.Equal(path, catalog.Find("fashion-mnist").Files[0]);
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("cifar-10/cifar-10-batches-bin")]
    [InlineData("CIFAR10/cifar-10-batches-bin")]
    [InlineData("cifar_10/CIFAR-10-batches-bin")]
    [InlineData("cifar10")]
    [InlineData("cifar-10-batches-bin")]
    [InlineData("cifar-10/cifar-10-binary/cifar-10-batches-bin")]
    public void Load_CifarBatchesAnywhereUsual_ReadsThem(string place)
    {
        folder.Write($"{place}/data_batch_1.bin", TestFiles.CifarBatch(6, 9));
        folder.Write($"{place}/test_batch.bin", TestFiles.CifarBatch(9, 6));
        Assert.Equal((2, 2), (catalog.Load("cifar-10").Train.Count, catalog.Load("cifar-10").Test.Count));
    }

    [Fact]
    public void Load_CifarArchiveInTheDataFolder_ReadsIt()
    {
        folder.Write("cifar-10-binary.tar.gz", TestFiles.Gzip(TestFiles.Tar(("a/data_batch_1.bin", TestFiles.CifarBatch(6, 9)), ("a/test_batch.bin", TestFiles.CifarBatch(9, 6)))));
        Assert.Equal(2, catalog.Load("cifar-10").Train.Count);
    }

    [Fact]
    public void Load_OneFileIsNotThere_SaysWhichAndWhatWasLookedFor()
    {
        File.Delete(WriteAll("MNIST/raw/{0}")[3]);
        var message = Assert.Throws<DatasetUnavailableException>(() => catalog.Load("mnist")).Message;
        Assert.EndsWith(
            "Looked for train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte (also as train-images.idx3-ubyte, with or without .gz) "
            + $"in mnist/, MNIST/raw/ or the like. {Path.Combine(folder.Root, "MNIST", "raw")} lacks t10k-labels-idx1-ubyte.gz.",
            message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_KaggleSpelling_IsHeldToThePublishedChecksum()
    {
        // Kaggle's files are the publisher's, unpacked: their length alone says which checksum they should have.
        folder.Write("MNIST/train-labels.idx1-ubyte", new byte[60_008]);
        foreach (var name in new[] { "train-images.idx3-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte" })
            folder.Write($"MNIST/{name}", "x");

        var check = catalog.Verify("mnist")[1];

        Assert.Equal((FileState.Differs, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"), (check.State, check.Expected));
        Assert.Equal(Path.Combine(folder.Root, "MNIST", "train-labels.idx1-ubyte"), check.Path);
    }

    [Theory]
    [InlineData("raw/{0}")]
    [InlineData("MNIST/raw/{0}.gz")]
    [InlineData("{0}/{0}")]
    public void Load_PathOfAFolderThatHoldsTheFilesBelow_ReadsThem(string pattern)
    {
        WriteSmall($"own/{pattern}");
        var set = (ImageDataset)catalog.Load(Path.Combine(folder.Root, "own"));
        Assert.Equal(("own", 2, 2, 4), (set.Name, set.Train.Count, set.Test.Count, set.Files.Count));
    }

    [Fact]
    public void Load_PathOfAFolderWithTwoSets_AsksForOne()
    {
        WriteSmall("own/MNIST/raw/{0}");
        WriteSmall("own/FashionMNIST/raw/{0}");
        var own = Path.Combine(folder.Root, "own");
        Assert.Equal(
            $"A data folder must hold one data set, but {own} holds IDX files in {Path.Combine(own, "FashionMNIST", "raw")}, {Path.Combine(own, "MNIST", "raw")}: give the path of one of them.",
            Assert.Throws<DataFormatException>(() => catalog.Load(own)).Message);
    }

    private string[] WriteAll(string pattern) => Array.ConvertAll(Published, name => folder.Write(string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, name), name));

    private void WriteSmall(string pattern)
    {
        var files = new[] { TestFiles.IdxImages(2, 1, 2, [1, 2, 3, 4]), TestFiles.IdxLabels(0, 1), TestFiles.IdxImages(2, 1, 2, [5, 6, 7, 8]), TestFiles.IdxLabels(1, 0) };
        foreach (var (name, bytes) in Published.Zip(files))
            folder.Write(string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, name), pattern.EndsWith(".gz", StringComparison.Ordinal) ? TestFiles.Gzip(bytes) : bytes);
    }
}
