using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive.Documents;
using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Notebooks.Tests.Notebooks;

/// <summary>
/// A file-based app as the source of a notebook: <c>// %% [markdown]</c> begins a cell of text in comments, <c>// %%</c> one of code, and
/// <c>// %% [app]</c> what a notebook has no need of. What stands above the first marker says what the app is built of.
/// </summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Cells">The cells of the notebook, in order.</param>
internal sealed partial record AppSource(string Name, IReadOnlyList<InteractiveDocumentElement> Cells)
{
    private const string Marker = "// %%";
    private const string Folder = "examples/apps";

    /// <summary>Every app of the repository.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Repository.PathOf(Folder), "*.cs").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    public static string PathOf(string name) => $"{Folder}/{name}.cs";

    public static AppSource Load(string name) => Parse(name, Repository.Read(PathOf(name)));

    public static AppSource Parse(string name, string text)
    {
        var parts = CellStart().Split(text);
        // The split leaves the header, and then for each cell its kind and its text.
        var cells = parts.Skip(1).Chunk(2).Where(part => part[0] != "[app]").Select(part => part[0] switch
        {
            "" => NotebookFile.CodeCell(part[1].Trim('\n')),
            "[markdown]" => NotebookFile.TextCell(string.Join('\n', part[1].Trim('\n').Split('\n').Select(Uncomment))),
            _ => throw new FormatException($"A cell must begin with {Marker}, {Marker} [markdown] or {Marker} [app], but {name} has '{Marker} {part[0]}'."),
        });
        return new(name, [.. cells.Take(1), Packages(name, parts[0]), .. cells.Skip(1)]);
    }

    /// <summary>Its notebook, without outputs.</summary>
    public InteractiveDocument ToNotebook() => NotebookFile.Of(Cells);

    private static string Uncomment(string line) => line switch
    {
        "//" => "",
        _ when line.StartsWith("// ", StringComparison.Ordinal) => line[3..],
        _ => throw new FormatException($"A line of text must be a comment, but got '{line}'."),
    };

    // What an app takes from projects beside it, a notebook takes from their packages.
    private static InteractiveDocumentElement Packages(string name, string header)
    {
        var project = Project().Match(header) is { Success: true } match ? match.Groups["project"].Value
            : throw new FormatException($"An app must name a project of src by #:project, but {name} names none.");
        return NotebookFile.CodeCell($"#r \"nuget: TorchSharp-cpu, {Repository.VersionOf("TorchSharp-cpu")}\"\n#r \"nuget: {project}, {Repository.Version}\"");
    }

    [GeneratedRegex(@"^// %%[ ]?(?<kind>.*)\n", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CellStart();

    [GeneratedRegex(@"^#:project \.\./\.\./src/(?<project>\S+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Project();
}
