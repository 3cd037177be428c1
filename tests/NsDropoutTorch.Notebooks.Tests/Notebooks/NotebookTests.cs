using Microsoft.DotNet.Interactive.Documents;
using NsDropoutTorch.Docs.Tests.Support;
using NsDropoutTorch.Notebooks.Tests.Kernels;

namespace NsDropoutTorch.Notebooks.Tests.Notebooks;

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
    public async Task Notebook_IsWhatTheAppMakesOfIt(string name)
    {
        var (run, _) = await runs.OfAsync(name);
        var fresh = run.WithOutputs();
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            await File.WriteAllTextAsync(Repository.PathOf(NotebookFile.PathOf(name)), NotebookFile.Format(fresh));
        }

        var committed = await NotebookFile.LoadAsync(name);

        Assert.True(
            Outline(fresh).SequenceEqual(Outline(committed), StringComparer.Ordinal),
            $"{NotebookFile.PathOf(name)} must be made of {AppSource.PathOf(name)}, but its cells or the kinds of what they show differ: change the app, then run "
            + $"`{Update}=1 dotnet test tests/NsDropoutTorch.Notebooks.Tests --filter IsWhatTheAppMakesOfIt`, which runs and writes the notebook.\n"
            + string.Join('\n', LineDiff.Of(string.Join('\n', Outline(committed)), string.Join('\n', Outline(fresh))).Where(line => line[0] != ' ')));
    }

    [Fact]
    public async Task QuickStart_CellByCell_ShowsCurvesRatesConfusionAndTheLeak()
    {
        var (run, kernel) = await runs.OfAsync("quickstart");

        Assert.Equal(
            [
                "displayed text/html", "displayed text/html", "displayed text/plain", "displayed text/html", "displayed text/html", "displayed text/plain",
                "displayed text/html", "displayed text/plain",
            ],
            run.Shown.Select(value => value.Kind));
        Assert.Contains("Error over epochs: training run", run.Shown[0].Text, StringComparison.Ordinal);
        Assert.Contains("a neuron is dropped at rates from 10 % to 30 %", run.Shown[1].Text, StringComparison.Ordinal);
        Assert.Contains("Confusion matrix: all samples", run.Shown[3].Text, StringComparison.Ordinal);
        Assert.InRange(kernel.Get<double>("error"), 0, 0.1);
        Assert.Equal($"loaded again: {kernel.Get<double>("error"):P1}", run.Shown[5].Plain);
        Assert.Contains("the masks of 10 classes drop 32 of 64 neurons", run.Shown[6].Text, StringComparison.Ordinal);
        Assert.True(kernel.Get<double>("labelFree") > 0.5 && kernel.Get<double>("labelMask") < 0.2, run.Shown[^1].Plain);
    }

    [Fact]
    public async Task Leakage_CellByCell_ShowsThatTheMaskGivesTheAnswerAway()
    {
        var (run, kernel) = await runs.OfAsync("leakage");

        Assert.True(kernel.Get<double>("labelMask") < 0.1, "The published figure must come out.");
        Assert.True(kernel.Get<double>("labelFree") > 0.5, "Without labels little must be left of it.");
        Assert.True(kernel.Get<double>("following") > 0.5, "The answer must follow the mask of a random label.");
        Assert.Contains("nsdropout reads the answer off its mask", run.Shown[3].Text, StringComparison.Ordinal);
        Assert.Contains("selection, label masks: leaks", run.Shown[4].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Comparing_CellByCell_ShowsAllLayersAndWritesTheirResults()
    {
        var (run, _) = await runs.OfAsync("comparing");

        Assert.All(["none", "dropout", "nsdropout:label-free=true", "nsdropout"], layer => Assert.Contains($"Confusion matrix: {layer}", run.Shown[0].Text, StringComparison.Ordinal));
        Assert.Equal("report.html and results.json", run.Shown[^1].Plain);
    }

    [Theory, MemberData(nameof(Apps))]
    public async Task App_PrintsWhatTheNotebookShows(string name)
    {
        // Both at once: neither keeps two cores busy.
        var app = Task.Run(() => Dotnet.Run("run", "-c", Dotnet.Configuration, "-p:BuildProjectReferences=false", "--file", Repository.PathOf(AppSource.PathOf(name))));
        var (run, _) = await runs.OfAsync(name);
        var printed = (await app).Succeeded().Output;

        Assert.Equal(Timeless.Of(string.Join('\n', run.Shown.Select(value => value.Plain))), Timeless.Of(printed));
    }

    [Theory]
    [InlineData("throw new InvalidOperationException(\"broken\");", "broken")]
    [InlineData("var two = one + 1;", "CS0103")]
    public async Task Cell_ThatFails_EndsTheRun(string broken, string reason)
    {
        using var kernel = new BuiltKernel();
        var notebook = NotebookFile.Of([NotebookFile.CodeCell("var before = 1;"), NotebookFile.CodeCell(broken), NotebookFile.CodeCell("var after = 1;")]);

        var failure = await Assert.ThrowsAsync<CellFailedException>(() => NotebookRun.OfAsync(notebook, kernel));

        Assert.StartsWith("Cell 2 must run to its end, but failed: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, kernel.Get<int>("before"));
        Assert.Throws<KeyNotFoundException>(() => kernel.Get<int>("after"));
    }

    // Cells and the kinds of what they show; the content is that of the machine that ran it.
    private static IEnumerable<string> Outline(InteractiveDocument notebook) => notebook.Elements
        .SelectMany(cell => cell.Contents.Split('\n').Prepend($"[{cell.KernelName}]").Concat(cell.Outputs.Select(Shown.KindOf)));
}
