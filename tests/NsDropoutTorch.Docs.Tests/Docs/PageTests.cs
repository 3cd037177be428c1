using NsDropoutTorch.Docs.Tests.Support;
using System.Text.RegularExpressions;

namespace NsDropoutTorch.Docs.Tests.Docs;

/// <summary>Pages say what is there: links lead somewhere, files that are named exist, code is code that is compiled.</summary>
public sealed partial class PageTests
{
    public static TheoryData<string> Pages() => [.. Page.All.Select(page => page.Path)];

    [Fact]
    public void Pages_AreFound() => Assert.Superset(
        new HashSet<string>
        {
            "README.md", "docs/algorithm.md", "docs/evaluation.md", "docs/memory.md", "docs/gpu.md", "docs/reproducing.md",
            "docs/decisions.md", "docs/contributing.md", "docs/training.md", "docs/notebooks.md", "docs/troubleshooting.md", "docs/architecture.md", "docs/faq.md", "docs/README.md", "docs/quickstart.md",
        },
        Page.All.Select(page => page.Path).ToHashSet());

    [Theory, MemberData(nameof(Pages))]
    public void Links_LeadSomewhere(string path) => Assert.All(Page.At(path).Links, link =>
    {
        if (link.Contains("://", StringComparison.Ordinal))
        {
            Assert.True(Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme == "https", $"{path} must link by https, but has {link}.");
            return;
        }

        var (file, anchor) = link.Split('#', 2) is [var before, var after] ? (before, after) : (link, null);
        var target = file.Length == 0 ? path : Relative(Path.Combine(Path.GetDirectoryName(path)!, file));
        Assert.True(Path.Exists(Repository.PathOf(target)), $"{path} must link to what is there, but {link} is not.");
        Assert.True(anchor is null || Page.At(target).Anchors.Contains(anchor), $"{path} must link to a heading of {target}, but it has no {anchor}.");
    });

    [Theory, MemberData(nameof(Pages))]
    public void Files_ThatAreNamed_Exist(string path) => Assert.All(
        Page.At(path).Codes.Concat(Page.At(path).Blocks.SelectMany(block => block.Code.Split([' ', '\n', '"']))).Where(code => FileName().IsMatch(code)),
        name => Assert.True(Path.Exists(Repository.PathOf(name)), $"{path} must name files that are there, but {name} is not."));

    [Theory, MemberData(nameof(Pages))]
    public void CSharp_IsARegionOfAnExample(string path) => Assert.All(Page.At(path).Blocks.Where(block => block.Language == "csharp"), block =>
    {
        // FirstHourTests compiles and runs it.
        if (path == FirstHour.Path && block.Above == FirstHour.PartOfTheProgram) return;
        var source = RegionName().Match(block.Above);
        Assert.True(source.Success, $"C# in {path} must stand below <!-- region NAME of PATH -->, but got '{block.Above}' above '{block.Code.Split('\n')[0]}'.");
        Assert.Equal(Region.Of(source.Groups["path"].Value, source.Groups["name"].Value), block.Code.TrimEnd());
    });

    [Fact]
    public void Index_NamesEveryPage()
    {
        var pages = Page.All.Select(page => page.Path).Where(path => path.StartsWith("docs/", StringComparison.Ordinal) && path != "docs/README.md");
        Assert.Equal(pages, Page.At("docs/README.md").Links.Select(link => $"docs/{link}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Exercise_AddALayer_AppliesToTheSources()
    {
        using var folder = new TempFolder();
        var diff = folder.PathOf("layer.diff");
        File.WriteAllText(diff, Page.At("docs/architecture.md").Blocks.Single(block => block.Language == "diff").Code);
        Command.Run("git", ["apply", "--check", diff], Repository.Root, _ => { }).Succeeded();
    }

    [Theory, MemberData(nameof(Pages))]
    public void Blocks_NameALanguageThatIsChecked(string path) =>
        Assert.All(Page.At(path).Blocks, block => Assert.Contains(block.Language, new[] { "csharp", "diff", "sh", "" }));

    private static string Relative(string path) => Path.GetRelativePath(Repository.Root, Repository.PathOf(path)).Replace('\\', '/');

    [GeneratedRegex("^<!-- region (?<name>[a-z-]+) of (?<path>[^ ]+) -->$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RegionName();

    [GeneratedRegex(@"^(\./)?(src|docs|examples|tests|benchmarks|scripts)/[A-Za-z0-9./_-]+$|^\./[a-z]+\.sh$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FileName();
}
