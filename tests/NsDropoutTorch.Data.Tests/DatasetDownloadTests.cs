using System.Net;
using System.Security.Cryptography;
using NsDropoutTorch.Data.Catalog;

namespace NsDropoutTorch.Data.Tests;

public sealed class DatasetDownloadTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task LoadAsync_Absent_DownloadsVerifiesAndLoads()
    {
        var iris = await File.ReadAllBytesAsync(Path.Combine(RealData.BroughtFolder, "iris", "iris.data"));
        var mirrors = new FakeMirrors(_ => FakeMirrors.Content(iris));
        var progress = new List<DownloadProgress>();

        var set = await Catalog(mirrors).LoadAsync("iris", new Immediate(progress));

        Assert.Equal(120, set.Train.Count);
        Assert.Equal("https://archive.ics.uci.edu/ml/machine-learning-databases/iris/iris.data", Assert.Single(mirrors.Requests).AbsoluteUri);
        Assert.Equal(new DownloadProgress("iris.data", 4551, 4551, 0, 1), progress[^1]);
        Assert.Equal(["iris.data"], FilesLeft("iris"));
    }

    [Fact]
    public async Task DownloadAsync_DamagedFileThere_ReplacesIt()
    {
        var iris = await File.ReadAllBytesAsync(Path.Combine(RealData.BroughtFolder, "iris", "iris.data"));
        folder.Write("iris/iris.data", "damaged");
        var mirrors = new FakeMirrors(_ => FakeMirrors.Content(iris));

        await Catalog(mirrors).DownloadAsync("iris");
        await Catalog(mirrors).DownloadAsync("iris");

        Assert.Equal(FileState.Verified, Assert.Single(Catalog(mirrors).Verify("iris")).State);
        Assert.Single(mirrors.Requests);
    }

    [Fact]
    public async Task FetchAsync_FirstMirrorDown_TakesTheSecond()
    {
        var bytes = "a file"u8.ToArray();
        var file = new PublishedFile(
            "one.bin", bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), new Uri("https://down.example/one.bin"), new Uri("https://up.example/one.bin"));
        var mirrors = new FakeMirrors(url => url.Host == "down.example" ? new HttpResponseMessage(HttpStatusCode.NotFound) : FakeMirrors.Content(bytes));
        using var http = new HttpClient(mirrors);

        await new DatasetDownloader(http).FetchAsync([file], Path.Combine(folder.Root, "one"), progress: null, CancellationToken.None);

        Assert.Equal(file.Urls, mirrors.Requests);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(folder.Root, "one", "one.bin")));
        Assert.Equal(["one.bin"], FilesLeft("one"));
    }

    [Fact]
    public async Task DownloadAsync_WrongBytes_SaysBothHashesAndLeavesNothing()
    {
        var catalog = Catalog(new FakeMirrors(_ => FakeMirrors.Content("wrong"u8.ToArray())));

        var error = await Assert.ThrowsAsync<DatasetUnavailableException>(() => catalog.DownloadAsync("iris"));

        Assert.Equal(
            $"iris must lie complete in a data folder, but is in none of {folder.Root}. "
            + "iris.data could not be downloaded from https://archive.ics.uci.edu/ml/machine-learning-databases/iris/iris.data: "
            + "the SHA-256 must be 6f608b71a7317216319b4d27b4d9bc84e6abd734eda7872b71a458569e2656c0, "
            + "but is 8810ad581e59f2bc3928b261707a71308f7e139eb04820366dc4d5c18d980225. "
            + $"Put its files into {Path.Combine(folder.Root, "iris")} by hand, or use one that is here: spiral.",
            error.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Root));
    }

    [Fact]
    public async Task DownloadAsync_TooManyBytes_StopsEarly()
    {
        using var endless = new MemoryStream(new byte[10_000_000]);
        var catalog = Catalog(new FakeMirrors(_ => FakeMirrors.Content(endless)));
        var progress = new List<DownloadProgress>();

        await Assert.ThrowsAsync<DatasetUnavailableException>(() => catalog.DownloadAsync("iris", new Immediate(progress)));

        Assert.True(progress[^1].BytesDone < 1_000_000);
    }

    [Fact]
    public async Task DownloadAsync_ConnectionLost_SaysSoOfEveryMirrorAndLeavesNothing()
    {
        var catalog = Catalog(new FakeMirrors(_ => FakeMirrors.Content(new BreakingStream(1000))));

        var error = await Assert.ThrowsAsync<DatasetUnavailableException>(() => catalog.DownloadAsync("mnist"));

        Assert.Contains("https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz: connection lost", error.Message, StringComparison.Ordinal);
        Assert.Contains("https://storage.googleapis.com/cvdf-datasets/mnist/train-images-idx3-ubyte.gz: connection lost", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Root));
    }

    [Fact]
    public async Task LoadAsync_NoNetwork_SaysSo()
    {
        var catalog = Catalog(new FakeMirrors(_ => throw new HttpRequestException("no such host")));
        var error = await Assert.ThrowsAsync<DatasetUnavailableException>(() => catalog.LoadAsync("fashion-mnist"));
        Assert.Contains("no such host", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DownloadAsync_Cancelled_LeavesNothing()
    {
        using var cancellation = new CancellationTokenSource();
        var catalog = Catalog(new FakeMirrors(_ => FakeMirrors.Content(new byte[4551])));
        var cancelling = new Immediate([], cancellation.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => catalog.DownloadAsync("iris", cancelling, cancellation.Token));

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Root));
    }

    [Fact]
    public async Task DownloadAsync_FolderThatCannotBe_SaysNotWritable()
    {
        var file = folder.Write("in-the-way", "");
        using var http = new HttpClient(new FakeMirrors(_ => FakeMirrors.Content([])));
        var error = await Assert.ThrowsAsync<DatasetUnavailableException>(() => new DatasetCatalog([file], http).DownloadAsync("iris"));
        Assert.Contains($"The data folder must be writable, but {Path.Combine(file, "iris")} is not", error.Message, StringComparison.Ordinal);
    }

    private DatasetCatalog Catalog(FakeMirrors mirrors) => new([folder.Root], new HttpClient(mirrors));

    private string[] FilesLeft(string dataset) => [.. Directory.EnumerateFiles(Path.Combine(folder.Root, dataset)).Select(path => Path.GetFileName(path))];

    private sealed class Immediate(List<DownloadProgress> seen, Action? react = null) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            seen.Add(value);
            react?.Invoke();
        }
    }
}
