using NsDropoutTorch.Docs.Tests.Support;
using System.Diagnostics;
using System.Text.Json;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Data.Catalog;

namespace NsDropoutTorch.Docs.Tests.Data;

/// <summary>The data sets of the repository: whole in every clone, and packed into the tool.</summary>
public sealed class BroughtDataTests : IDisposable
{
    private static readonly string[] Files = ["data/README.md", "data/iris/iris.data", "data/optdigits/optdigits.tes", "data/optdigits/optdigits.tra"];

    private readonly string clone = Directory.CreateTempSubdirectory("clone-").FullName;

    public void Dispose() => Directory.Delete(clone, recursive: true);

    // Git on Windows is usually set up to end lines otherwise in the working tree than in the repository.
    [ClonedFact]
    public void Clone_WithOtherLineEnds_HasTheFilesAsPublished()
    {
        Git("clone", "--quiet", "--shared", "--config", "core.autocrlf=true", Repository.Root, clone);

        Assert.Equal(Files, Directory.GetFiles(Path.Combine(clone, "data"), "*", SearchOption.AllDirectories).Select(InClone).Order(StringComparer.Ordinal));
        AssertAsPublished(Path.Combine(clone, "data"));
    }

    [Fact]
    public void WorkingTree_HasTheFilesAsPublished() => AssertAsPublished(Repository.PathOf("data"));

    [Fact]
    public void Page_NamesAuthorsYearsAndLicence()
    {
        var page = Repository.Read("data/README.md");

        Assert.All(
            ["E. Alpaydin and C. Kaynak (1998)", "R. A. Fisher (1936)", "UCI Machine Learning Repository", "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)", "Nothing in the files was changed."],
            text => Assert.Contains(text, page, StringComparison.Ordinal));
    }

    // A tool's package holds what the program publishes; to pack it for real takes minutes.
    [Fact]
    public void Tool_PublishesTheFilesBesideTheProgram()
    {
        var evaluation = Dotnet.Run(
            "msbuild", "src/NsDropoutTorch.Cli/NsDropoutTorch.Cli.csproj", $"-p:Configuration={Dotnet.Configuration}",
            "-t:ResolveReferences;ComputeResolvedFilesToPublishList", "-getItem:ResolvedFileToPublish");

        Assert.True(evaluation.ExitCode == 0, evaluation.All);
        var published = JsonDocument.Parse(evaluation.Output).RootElement.GetProperty("Items").GetProperty("ResolvedFileToPublish").EnumerateArray()
            .Select(item => item.GetProperty("RelativePath").GetString()!.Replace('\\', '/'));
        Assert.Equal(Files, published.Where(path => path.StartsWith("data/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private static void AssertAsPublished(string folder)
    {
        var catalog = new DatasetCatalog([folder]);
        var checks = new[] { "optdigits", "iris" }.SelectMany(catalog.Verify).ToArray();

        Assert.Equal(3, checks.Length);
        Assert.All(checks, check => Assert.True(check.State == FileState.Verified, $"{check.Path} must have the SHA-256 {check.Expected}, but has {check.Found?.Sha256}."));
    }

    private static void Git(params IReadOnlyList<string> arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        var error = git.StandardError.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, error);
    }

    private string InClone(string path) => Path.GetRelativePath(clone, path).Replace('\\', '/');
}
