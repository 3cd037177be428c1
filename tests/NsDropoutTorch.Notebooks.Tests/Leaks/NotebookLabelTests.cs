using NsDropoutTorch.Docs.Tests.Leaks;
using NsDropoutTorch.Notebooks.Tests.Kernels;
using NsDropoutTorch.Notebooks.Tests.Notebooks;

namespace NsDropoutTorch.Notebooks.Tests.Leaks;

/// <summary>The labels of the test part are for scoring alone, in notebooks as in examples and comparisons (TestLabelTests, beside the examples' tests).</summary>
public sealed class NotebookLabelTests
{
    public static TheoryData<string> Notebooks => [.. AppSource.Names];

    [Theory, MemberData(nameof(Notebooks))]
    public void Notebook_TestLabelsShuffled_KeepsEveryBit(string name) => ProgramWatch.AssertSame(() =>
    {
        using var kernel = new BuiltKernel();
        NotebookRun.OfAsync(AppSource.Load(name).ToNotebook(), kernel).GetAwaiter().GetResult();
        return "";
    });

    /// <summary>The guard reaches what a cell does: a training that is shown the test part as mask statistics is seen.</summary>
    [Fact]
    public void Guard_CellThatLeaks_IsSeen()
    {
        const string Leak = "maskStatistics: test";
        var notebook = NotebookFile.Of(AppSource.Load("quickstart").Cells.Select(cell => NotebookFile.IsCode(cell)
            ? NotebookFile.CodeCell(cell.Contents.Replace("maskStatistics: statistics", Leak, StringComparison.Ordinal))
            : cell));
        Assert.Contains(NotebookFile.CodeOf(notebook), code => code.Contains(Leak, StringComparison.Ordinal));

        Assert.NotEqual(ProgramWatch.SeenIn(Run, shuffles: false), ProgramWatch.SeenIn(Run, shuffles: true));

        string Run()
        {
            using var kernel = new BuiltKernel();
            NotebookRun.OfAsync(notebook, kernel).GetAwaiter().GetResult();
            return "";
        }
    }
}
