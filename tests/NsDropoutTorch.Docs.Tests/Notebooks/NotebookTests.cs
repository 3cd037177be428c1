using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Notebooks;

/// <summary>Notebooks are made of the file-based apps, run from their first cell to the last, and print what the apps print.</summary>
public sealed class NotebookTests(NotebookRuns runs) : IClassFixture<NotebookRuns>
{
    private const string Update = "NSDROPOUT_UPDATE_NOTEBOOKS";

    public static TheoryData<string> Apps() => [.. AppSource.Names];

    [Fact]
    public void Apps_AreFound() => Assert.Equal(["comparing", "leakage", "quickstart"], AppSource.Names);

    [Fact]
    public void Notebooks_EachHaveAnApp() => Assert.Equal(
        AppSource.Names,
        Directory.GetFiles(Repository.PathOf("examples/notebooks"), "*.ipynb").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Apps))]
    public void Notebook_IsWhatTheAppMakesOfIt(string name)
    {
        var expected = NotebookFile.Format(AppSource.Load(name));
        var path = Repository.PathOf(NotebookFile.PathOf(name));
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.True(
            File.Exists(path) && Repository.Read(NotebookFile.PathOf(name)) == expected,
            $"{NotebookFile.PathOf(name)} must be made of {AppSource.PathOf(name)}, but differs from it: change the app, then run "
            + $"`{Update}=1 dotnet test tests/NsDropoutTorch.Docs.Tests --filter IsWhatTheAppMakesOfIt`, which writes the notebook.");
    }

    [Fact]
    public async Task QuickStart_CellByCell_ShowsCurvesMasksAndConfusion()
    {
        var kernel = await runs.OfAsync("quickstart");

        Assert.Equal(["text/html", "text/html", "text/plain", "text/html", "text/html", "text/plain"], kernel.Displayed.Select(value => value.MimeType));
        Assert.Contains("Error over epochs: training run", kernel.Displayed[0].Text, StringComparison.Ordinal);
        Assert.Contains("the masks of 10 classes drop 32 of 64 neurons", kernel.Displayed[1].Text, StringComparison.Ordinal);
        Assert.Contains("Confusion matrix: all samples", kernel.Displayed[3].Text, StringComparison.Ordinal);
        Assert.True(kernel.Get<double>("labelFree") > 0.5 && kernel.Get<double>("labelMask") < 0.2, kernel.Displayed[2].Plain);
        Assert.Equal($"loaded again, no label used: {kernel.Get<double>("labelFree"):P1}", kernel.Displayed[^1].Plain);
    }

    [Fact]
    public async Task Leakage_CellByCell_ShowsThatTheMaskGivesTheAnswerAway()
    {
        var kernel = await runs.OfAsync("leakage");

        Assert.True(kernel.Get<double>("labelMask") < 0.1, "The published figure must come out.");
        Assert.True(kernel.Get<double>("labelFree") > 0.5, "Without labels little must be left of it.");
        Assert.True(kernel.Get<double>("following") > 0.5, "The answer must follow the mask of a random label.");
        Assert.Contains("nsdropout reads the answer off its mask", kernel.Displayed[3].Text, StringComparison.Ordinal);
        Assert.Contains("selection, label masks: leaks", kernel.Displayed[4].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Comparing_CellByCell_ShowsAllLayersAndWritesTheirResults()
    {
        var kernel = await runs.OfAsync("comparing");

        Assert.All(["none", "dropout", "nsdropout"], layer => Assert.Contains($"Confusion matrix: {layer}", kernel.Displayed[0].Text, StringComparison.Ordinal));
        Assert.Equal("report.html and results.json", kernel.Displayed[^1].Plain);
    }

    [Theory, MemberData(nameof(Apps))]
    public async Task App_PrintsWhatTheNotebookShows(string name)
    {
        var kernel = await runs.OfAsync(name);

        var app = Dotnet.Run("run", "-c", Dotnet.Configuration, "--file", Repository.PathOf(AppSource.PathOf(name))).Succeeded();

        Assert.Equal(Timeless.Lines(string.Join('\n', kernel.Displayed.Select(value => value.Plain))), Timeless.Lines(app.Output));
    }
}
