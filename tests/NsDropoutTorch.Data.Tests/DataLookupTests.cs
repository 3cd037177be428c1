using NsDropoutTorch.Data.Catalog;

namespace NsDropoutTorch.Data.Tests;

/// <summary>Where <see cref="DatasetCatalog.Over"/> looks, in a working folder and an environment of each test's own.</summary>
public sealed class DataLookupTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string? variable = Environment.GetEnvironmentVariable(DatasetCatalog.FolderVariable);
    private readonly string working = Directory.GetCurrentDirectory();
    private readonly string root;

    public DataLookupTests()
    {
        Environment.SetEnvironmentVariable(DatasetCatalog.FolderVariable, null);
        // Entered first, since the system may know the folder by another name than it was made by.
        Directory.SetCurrentDirectory(folder.Root);
        root = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(Directory.CreateDirectory("project/notebooks").FullName);
    }

    public void Dispose()
    {
        Directory.SetCurrentDirectory(working);
        Environment.SetEnvironmentVariable(DatasetCatalog.FolderVariable, variable);
        folder.Dispose();
    }

    [Fact]
    public void Over_EveryPlaceGiven_LooksInTheOptionTheVariableTheWorkingFolderAndBesideTheProgram()
    {
        var (asked, named) = (At("asked"), At("named"));
        Environment.SetEnvironmentVariable(DatasetCatalog.FolderVariable, named);
        Directory.CreateDirectory("data");

        Assert.Equal([asked, named, "data", RealData.BroughtFolder], DatasetCatalog.Over(asked).Folders);
        Assert.Equal([named, "data", RealData.BroughtFolder], DatasetCatalog.Over().Folders);
    }

    [Fact]
    public void Over_SetInSeveralPlaces_TakesTheFirst()
    {
        var (asked, named) = (At("asked"), At("named"));
        Environment.SetEnvironmentVariable(DatasetCatalog.FolderVariable, named);
        Directory.CreateDirectory("data");
        Assert.Equal(Path.Combine(RealData.BroughtFolder, "iris"), DatasetCatalog.Over(asked).Find("iris").Folder);

        foreach (var place in new[] { "data", named, asked })
        {
            var iris = Directory.CreateDirectory(Path.Combine(place, "iris")).FullName;
            File.WriteAllText(Path.Combine(iris, "iris.data"), "");
            Assert.Equal(Path.Combine(place, "iris"), DatasetCatalog.Over(asked).Find("iris").Folder);
        }
    }

    [Fact]
    public void Over_FolderAboveTheWorkingFolder_CountsWhereTheWorkingFolderHasNone()
    {
        folder.Write("data/iris/iris.data", "");
        folder.Write("project/data/iris/iris.data", "");
        Assert.Equal(["data", At("project/data"), RealData.BroughtFolder], DatasetCatalog.Over().Folders);

        Directory.CreateDirectory("data");

        Assert.Equal(["data", RealData.BroughtFolder], DatasetCatalog.Over().Folders);
    }

    [Fact]
    public async Task Over_NothingGiven_DownloadsIntoTheWorkingFolder()
    {
        folder.Write("data/mnist/README", "");
        using var http = new HttpClient(new FakeMirrors(_ => FakeMirrors.Content([])));

        var error = await Assert.ThrowsAsync<DatasetUnavailableException>(() => new DatasetCatalog(DatasetCatalog.Over().Folders, http).DownloadAsync("mnist"));

        Assert.EndsWith($"Put its files into {Path.Combine("data", "mnist")} by hand, or use one that is here: optdigits, iris, spiral.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("optdigits", 2)]
    [InlineData("iris", 1)]
    public void Over_NothingGiven_LoadsWhatTheProgramBringsAndItIsAsPublished(string name, int files)
    {
        Directory.CreateDirectory("data");

        Assert.Equal(files, DatasetCatalog.Over().Load(name).Files.Count);
        Assert.Equal(Enumerable.Repeat(FileState.Verified, files), DatasetCatalog.Over().Verify(name).Select(check => check.State));
    }

    private string At(string name) => Path.Combine([root, .. name.Split('/')]);
}
