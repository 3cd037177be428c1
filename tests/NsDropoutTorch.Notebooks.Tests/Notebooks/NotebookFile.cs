using Microsoft.DotNet.Interactive.Documents;
using Microsoft.DotNet.Interactive.Documents.Jupyter;
using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Notebooks.Tests.Notebooks;

/// <summary>A notebook in Jupyter's format, read and written by .NET Interactive's own library.</summary>
internal static class NotebookFile
{
    private const string Code = "csharp";
    private const string Text = "markdown";

    public static string PathOf(string name) => $"examples/notebooks/{name}.ipynb";

    /// <summary>A notebook of the repository.</summary>
    public static Task<InteractiveDocument> LoadAsync(string name) => InteractiveDocument.LoadAsync(new FileInfo(Repository.PathOf(PathOf(name))));

    /// <summary>A notebook as it is written to a file.</summary>
    public static string Format(InteractiveDocument notebook) => notebook.ToJupyterJson("C#").ReplaceLineEndings("\n") + "\n";

    public static InteractiveDocumentElement CodeCell(string code) => new(code, Code);

    public static InteractiveDocumentElement TextCell(string text) => new(text, Text);

    public static bool IsCode(InteractiveDocumentElement cell) => cell.KernelName == Code;

    /// <summary>The code of each cell that has some.</summary>
    public static IEnumerable<string> CodeOf(InteractiveDocument notebook) => notebook.Elements.Where(IsCode).Select(cell => cell.Contents);

    /// <summary>A notebook of cells, which it names by their places.</summary>
    public static InteractiveDocument Of(IEnumerable<InteractiveDocumentElement> cells)
    {
        var notebook = new InteractiveDocument();
        foreach (var (place, cell) in cells.Index())
        {
            cell.Id = Invariant($"cell-{place + 1}");
            notebook.Add(cell);
        }

        return notebook;
    }
}
