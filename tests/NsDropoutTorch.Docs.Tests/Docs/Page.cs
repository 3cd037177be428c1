using NsDropoutTorch.Docs.Tests.Support;
using System.Text.RegularExpressions;

namespace NsDropoutTorch.Docs.Tests.Docs;

/// <summary>A page of Markdown: its headings, links and blocks of code.</summary>
/// <param name="Path">The file, as it is named in the repository.</param>
/// <param name="Text">Its text.</param>
internal sealed partial record Page(string Path, string Text)
{
    /// <summary>Every page of the repository.</summary>
    public static IReadOnlyList<Page> All { get; } =
    [
        .. new[] { "docs", "data", "examples", "tests", "src" }
            .SelectMany(folder => Directory.GetFiles(Repository.PathOf(folder), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.GetFiles(Repository.Root, "*.md"))
            .Select(file => System.IO.Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(path => new Page(path, Repository.Read(path))),
    ];

    /// <summary>Blocks of code with the line above each, where there is one.</summary>
    public IReadOnlyList<CodeBlock> Blocks { get; } =
        [.. Block().Matches(Text).Select(match => new CodeBlock(match.Groups["above"].Value, match.Groups["language"].Value, match.Groups["code"].Value))];

    /// <summary>Where links lead.</summary>
    public IReadOnlyList<string> Links { get; } = [.. Link().Matches(Prose(Text)).Select(match => match.Groups["target"].Value)];

    /// <summary>What stands in <c>`backticks`</c>.</summary>
    public IReadOnlyList<string> Codes { get; } = [.. Code().Matches(Prose(Text)).Select(match => match.Groups["code"].Value)];

    /// <summary>The names by which headings can be linked to.</summary>
    public IReadOnlyList<string> Anchors { get; } = [.. Heading().Matches(Prose(Text)).Select(match => Anchor(match.Groups["title"].Value))];

    /// <summary>The page of that path.</summary>
    /// <param name="path">As it is named in the repository.</param>
    public static Page At(string path) => All.Single(page => page.Path == path);

    /// <summary>The commands below <c>a test runs this: NAME</c>.</summary>
    /// <param name="name">The name.</param>
    public string Commands(string name) => Blocks.Single(block => block.Above == $"<!-- a test runs this: {name} -->").Code;

    private static string Prose(string text) => Block().Replace(text, "\n");

    // GitHub's rule: small letters, no punctuation, hyphens for spaces.
    private static string Anchor(string title) =>
        new([.. title.ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_').Select(c => c == ' ' ? '-' : c)]);

    [GeneratedRegex("(?<above>.*)\n```(?<language>.*)\n(?<code>(?:.*\n)*?)```\n", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Block();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex("`(?<code>[^`\n]+)`", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    [GeneratedRegex("^#+ (?<title>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Heading();
}
