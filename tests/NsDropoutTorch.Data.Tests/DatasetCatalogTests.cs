using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Data.Formats;

namespace NsDropoutTorch.Data.Tests;

public sealed class DatasetCatalogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string first;
    private readonly string second;
    private readonly DatasetCatalog catalog;

    public DatasetCatalogTests()
    {
        (first, second) = (Path.Combine(folder.Root, "first"), Path.Combine(folder.Root, "second"));
        catalog = new DatasetCatalog([first, second]);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Names_AreTheStableOnes() =>
        Assert.Equal(["mnist", "fashion-mnist", "cifar-10", "cifar-10-batches", "optdigits", "iris", "spiral"], DatasetCatalog.Names);

    [Fact]
    public void Load_UnknownName_NamesTheNearest()
    {
        var error = Assert.Throws<UnknownDatasetException>(() => catalog.Load("mnits"));
        Assert.Equal(
            "The data set must be one of mnist, fashion-mnist, cifar-10, cifar-10-batches, optdigits, iris, spiral, or a path, but got 'mnits'; the nearest is 'mnist'.",
            error.Message);
    }

    [Fact]
    public void Load_AbsentEverywhere_SaysWhereItLooked()
    {
        var error = Assert.Throws<DatasetUnavailableException>(() => catalog.Load("mnist"));
        Assert.Equal(
            $"mnist must lie complete in a data folder, but is in none of {first}, {second}: "
            + "fetch it with `nsdropout data download mnist`, or give its place by --data or NSDROPOUT_DATA. Looked for train-images-idx3-ubyte, train-labels-idx1-ubyte, "
            + "t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte (also as train-images.idx3-ubyte, with or without .gz) in mnist/, MNIST/raw/ or the like.",
            error.Message);
        Assert.False(Directory.Exists(first));
    }

    [Fact]
    public void Load_ChecksumThatDiffers_SaysExpectedFoundAndRepair()
    {
        var path = folder.Write("first/iris/iris.data", "5.1,3.5,1.4,0.2,Iris-setosa\n");
        var error = Assert.Throws<DataFormatException>(() => catalog.Load("iris"));
        Assert.Equal(
            $"{path} must have the published SHA-256 6f608b71a7317216319b4d27b4d9bc84e6abd734eda7872b71a458569e2656c0, but has {DataFileReader.Identify(path).Sha256}: "
            + "fetch it again with `nsdropout data download iris`, or give its folder instead of the name iris to use it unverified.",
            error.Message);
    }

    [Fact]
    public void Load_DamagedBeyondReading_TellsTheChecksumFirst()
    {
        foreach (var name in (string[])["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"])
            folder.Write($"first/mnist/{name}", "not at all IDX");
        Assert.Contains("must have the published SHA-256 440fcabf", Assert.Throws<DataFormatException>(() => catalog.Load("mnist")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_FirstFolderIncomplete_TakesTheSecond()
    {
        folder.Write("first/optdigits/optdigits.tra", "");
        folder.Write("second/optdigits/optdigits.tra", "");
        folder.Write("second/optdigits/optdigits.tes", "");

        Assert.Equal(Path.Combine(second, "optdigits"), catalog.Find("optdigits").Folder);
    }

    [Fact]
    public void Find_BothFoldersComplete_TakesTheFirst()
    {
        folder.Write("first/iris/iris.data", "");
        folder.Write("second/iris/iris.data", "");

        Assert.Equal(Path.Combine(first, "iris"), catalog.Find("iris").Folder);
    }

    [Fact]
    public void List_EmptyFolders_HasOnlyTheGenerated()
    {
        var list = catalog.List();

        Assert.Equal(DatasetCatalog.Names, list.Select(location => location.Name).ToArray());
        Assert.Equal(["spiral"], list.Where(location => location.IsAvailable).Select(location => location.Name).ToArray());
        Assert.Equal(9912422 + 28881 + 1648877 + 4542, list[0].DownloadBytes);
    }

    [Fact]
    public void Verify_MissingAndDifferingFiles_SaysSoOfEach()
    {
        folder.Write("first/optdigits/optdigits.tra", "x");

        var checks = catalog.Verify("optdigits");

        Assert.Equal([FileState.Differs, FileState.Missing], checks.Select(check => check.State));
        Assert.Equal(Path.Combine(first, "optdigits", "optdigits.tes"), checks[1].Path);
        Assert.Equal("6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8", checks[1].Expected);
        Assert.Null(checks[1].Found);
    }

    [Fact]
    public void Verify_Generated_HasNothingToVerify() => Assert.Empty(catalog.Verify("spiral"));

    [Fact]
    public void Load_ExtractedCifarOfAnyLength_IsReadThoughItsHashIsUnknown()
    {
        folder.Write("first/cifar-10/cifar-10-batches-bin/data_batch_1.bin", TestFiles.CifarBatch(6, 9, 6));
        folder.Write("first/cifar-10/cifar-10-batches-bin/test_batch.bin", TestFiles.CifarBatch(9, 6));

        var set = (ImageDataset)catalog.Load("cifar-10");

        Assert.Equal((3, 2, 10), (set.Train.Count, set.Test.Count, set.NumClasses));
        Assert.Equal(["data_batch_1.bin", "test_batch.bin"], set.Files.Select(file => file.Name).ToArray());
        Assert.EndsWith(" A subset: 3 of 50,000 training and 2 of 10,000 test images, unverified.", set.Source, StringComparison.Ordinal);
        Assert.All(catalog.Verify("cifar-10"), check => Assert.Equal(FileState.Unknown, check.State));
    }

    [Fact]
    public void Load_CifarBatchesOfASmallCopy_Throws()
    {
        folder.Write("first/cifar-10/cifar-10-batches-bin/data_batch_1.bin", TestFiles.CifarBatch(6, 9));
        folder.Write("first/cifar-10/cifar-10-batches-bin/test_batch.bin", TestFiles.CifarBatch(3));

        var message = Assert.Throws<DataFormatException>(() => catalog.Load("cifar-10-batches")).Message;

        Assert.StartsWith("cifar-10-batches needs data_batch_1.bin and data_batch_2.bin of 10000 records each, but the batches in ", message, StringComparison.Ordinal);
        Assert.EndsWith(" hold 2.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ExtractedCifarOfTheOfficialLengthButOtherBytes_Throws()
    {
        folder.Write("first/cifar-10/cifar-10-batches-bin/data_batch_1.bin", TestFiles.CifarBatch(6, 9));
        folder.Write("first/cifar-10/cifar-10-batches-bin/test_batch.bin", TestFiles.CifarBatch(new byte[10_000]));

        Assert.Contains("must have the published SHA-256 8e2eb146", Assert.Throws<DataFormatException>(() => catalog.Load("cifar-10")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_Generated_NeedsNeitherFilesNorNetwork()
    {
        using var http = new HttpClient(new FakeMirrors(_ => throw new HttpRequestException("no network")));
        var set = await new DatasetCatalog([first], http).LoadAsync("spiral");

        Assert.Equal("spiral", set.Name);
        Assert.Empty(set.Files);
        Assert.Null(await catalog.DownloadAsync("spiral"));
    }

    [Fact]
    public void Constructor_NoFolders_Throws() =>
        Assert.StartsWith("folders must hold at least one data folder, but got none.", Assert.Throws<ArgumentException>(() => new DatasetCatalog([])).Message, StringComparison.Ordinal);
}
