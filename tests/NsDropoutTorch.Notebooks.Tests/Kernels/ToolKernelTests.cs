using NsDropoutTorch.Docs.Tests.Packages;
using NsDropoutTorch.Notebooks.Tests.Notebooks;

namespace NsDropoutTorch.Notebooks.Tests.Kernels;

/// <summary>A notebook as its reader runs it: the committed file, the tool, packages.</summary>
[Collection(PackagesCollection.Name)]
public sealed class ToolKernelTests(StartedTool tool) : IClassFixture<StartedTool>
{
    [LinuxFact]
    public async Task QuickStart_OfPackages_ShowsPicturesByItself()
    {
        var committed = await NotebookFile.LoadAsync("quickstart");

        var run = await NotebookRun.OfAsync(committed, await tool.KernelAsync());

        Assert.DoesNotContain(NotebookFile.CodeOf(committed), code => code.Contains("NotebookFormatters", StringComparison.Ordinal));
        Assert.Equal(committed.Elements.SelectMany(cell => cell.Outputs).Select(Shown.KindOf), run.Shown.Select(value => value.Kind));
        Assert.Contains("Error over epochs: training run", run.Shown[0].Text, StringComparison.Ordinal);
        Assert.Contains("a neuron is dropped at rates from ", run.Shown[1].Text, StringComparison.Ordinal);
        Assert.Contains("Confusion matrix: all samples", run.Shown[3].Text, StringComparison.Ordinal);
        Assert.StartsWith("loaded again: ", run.Shown[5].Text, StringComparison.Ordinal);
        Assert.Contains("the masks of 10 classes drop 32 of 64 neurons", run.Shown[6].Text, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Cell_ThatFails_EndsTheRun()
    {
        var notebook = NotebookFile.Of([NotebookFile.CodeCell("throw new InvalidOperationException(\"broken\");"), NotebookFile.CodeCell("1 + 1")]);

        var failure = await Assert.ThrowsAsync<CellFailedException>(async () => await NotebookRun.OfAsync(notebook, await tool.KernelAsync()));

        Assert.Contains("System.InvalidOperationException: broken", failure.Message, StringComparison.Ordinal);
    }
}
