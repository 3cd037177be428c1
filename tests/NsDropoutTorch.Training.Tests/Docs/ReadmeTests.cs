using System.Runtime.CompilerServices;

namespace NsDropoutTorch.Training.Tests.Docs;

/// <summary>Code in the README is code that is compiled: the region of an example, to the letter.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void QuickStart_InTheReadme_IsTheRegionOfTheExample()
    {
        var root = Root();
        var program = File.ReadAllText(Path.Combine(root, "examples", "QuickStart", "Program.cs"));
        var readme = File.ReadAllText(Path.Combine(root, "README.md"));

        var region = Between(program, "#region quickstart\n", "#endregion");
        var quoted = Between(readme, "<!-- region quickstart of examples/QuickStart/Program.cs -->\n```csharp\n", "```");

        Assert.Equal(region, quoted);
    }

    private static string Between(string text, string start, string end)
    {
        text = text.ReplaceLineEndings("\n");
        var from = text.IndexOf(start, StringComparison.Ordinal);
        Assert.True(from >= 0, $"'{start.Trim()}' must be in the file.");
        from += start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static string Root([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "NsDropoutTorch.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("NsDropoutTorch.sln must be in a folder above the tests.");
    }
}
