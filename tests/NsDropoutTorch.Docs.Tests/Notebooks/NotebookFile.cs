using NsDropoutTorch.Docs.Tests.Support;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NsDropoutTorch.Docs.Tests.Notebooks;

/// <summary>A notebook in Jupyter's format, version 4.4, without outputs: those are another machine's.</summary>
internal static class NotebookFile
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string PathOf(string name) => $"examples/notebooks/{name}.ipynb";

    public static string Format(AppSource app) => new JsonObject
    {
        ["cells"] = new JsonArray([.. app.Cells.Select(Format)]),
        ["metadata"] = new JsonObject
        {
            ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" },
            ["language_info"] = new JsonObject { ["file_extension"] = ".cs", ["mimetype"] = "text/x-csharp", ["name"] = "C#", ["pygments_lexer"] = "csharp" },
        },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 4,
    }.ToJsonString(Layout) + "\n";

    /// <summary>The cells of a notebook of the repository.</summary>
    public static IReadOnlyList<Cell> Load(string name) =>
    [
        .. JsonNode.Parse(Repository.Read(PathOf(name)))!["cells"]!.AsArray().Select(cell => new Cell(
            (string?)cell!["cell_type"] == "code",
            string.Concat(cell["source"]!.AsArray().Select(line => (string?)line)))),
    ];

    private static JsonObject Format(Cell cell)
    {
        var lines = cell.Text.Split('\n');
        var source = new JsonArray([.. lines.Select((line, i) => JsonValue.Create(i < lines.Length - 1 ? line + "\n" : line))]);
        return cell.IsCode
            ? new JsonObject { ["cell_type"] = "code", ["execution_count"] = null, ["metadata"] = new JsonObject(), ["outputs"] = new JsonArray(), ["source"] = source }
            : new JsonObject { ["cell_type"] = "markdown", ["metadata"] = new JsonObject(), ["source"] = source };
    }
}
