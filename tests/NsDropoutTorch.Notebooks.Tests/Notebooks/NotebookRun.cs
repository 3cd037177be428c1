using Microsoft.DotNet.Interactive.Documents;
using Microsoft.DotNet.Interactive.Events;
using NsDropoutTorch.Notebooks.Tests.Kernels;

namespace NsDropoutTorch.Notebooks.Tests.Notebooks;

/// <summary>A notebook that was run from its first cell to its last.</summary>
/// <param name="Document">The notebook.</param>
/// <param name="Cells">What each of its cells of code has shown, in order; nothing of what the kernel says about packages.</param>
internal sealed record NotebookRun(InteractiveDocument Document, IReadOnlyList<IReadOnlyList<Shown>> Cells)
{
    /// <summary>What all cells have shown.</summary>
    public IReadOnlyList<Shown> Shown { get; } = [.. Cells.SelectMany(shown => shown)];

    /// <summary>Runs each cell in turn; ends at the first that fails.</summary>
    /// <exception cref="CellFailedException">A cell does not compile, or throws.</exception>
    public static async Task<NotebookRun> OfAsync(InteractiveDocument document, INotebookKernel kernel)
    {
        var cells = new List<IReadOnlyList<Shown>>();
        foreach (var code in NotebookFile.CodeOf(document))
        {
            var result = await kernel.SubmitAsync(code);
            if (result.Events.OfType<CommandFailed>().FirstOrDefault() is { } failure)
            {
                throw new CellFailedException(cells.Count + 1, failure.Message, code);
            }

            var isPackages = code.StartsWith("#r \"nuget:", StringComparison.Ordinal);
            cells.Add(isPackages ? [] : [.. result.Events.Select(happened => Notebooks.Shown.In(happened, cells.Count + 1)).OfType<Shown>()]);
        }

        return new(document, cells);
    }

    /// <summary>The notebook with what its cells have shown.</summary>
    public InteractiveDocument WithOutputs()
    {
        var shown = new Queue<IReadOnlyList<Shown>>(Cells);
        var order = 0;
        return NotebookFile.Of(Document.Elements.Select(element => NotebookFile.IsCode(element)
            ? new InteractiveDocumentElement(element.Contents, element.KernelName, shown.Dequeue().Select(value => value.Output)) { ExecutionOrder = ++order }
            : new InteractiveDocumentElement(element.Contents, element.KernelName)));
    }
}

/// <summary>A cell of a notebook did not run to its end.</summary>
internal sealed class CellFailedException(int cell, string message, string code) : Exception($"Cell {cell} must run to its end, but failed: {message}\n{code}");
