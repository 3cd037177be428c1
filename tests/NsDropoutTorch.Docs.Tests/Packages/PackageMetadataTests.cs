using System.Text.Json;
using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Packages;

/// <summary>What packages will say of themselves, asked of the projects: this needs no TorchSharp on the feed.</summary>
public sealed class PackageMetadataTests
{
    private const string NoProvider = "A package must depend on TorchSharp's own packages, but TorchProvider is 'system', which only this repository has: run dotnet pack -p:TorchProvider=nuget.";

    public static TheoryData<string, string, string[]> Packages() => new()
    {
        { "src/NsDropoutTorch", "NsDropoutTorch", ["TorchSharp"] },
        { "src/NsDropoutTorch.Training", "NsDropoutTorch.Training", ["Spectre.Console", "TorchSharp"] },
        { "src/NsDropoutTorch.Experiments", "NsDropoutTorch.Experiments", ["MathNet.Numerics", "TorchSharp"] },
        { "src/NsDropoutTorch.Cli", "nsdropout", ["System.CommandLine", "TorchSharp-cpu"] },
    };

    [Theory, MemberData(nameof(Packages))]
    public void Project_PackedFromTheGallery_HasMetadataAndDependencies(string project, string id, string[] dependencies)
    {
        var evaluated = Evaluate(project);

        var properties = evaluated.GetProperty("Properties");
        string Property(string name) => properties.GetProperty(name).GetString()!;
        Assert.Equal((id, Repository.Version, "MIT", "README.md"), (Property("PackageId"), Property("Version"), Property("PackageLicenseExpression"), Property("PackageReadmeFile")));
        Assert.Equal(("true", "snupkg", "true"), (Property("IsPackable"), Property("SymbolPackageFormat"), Property("Deterministic")));
        Assert.Equal(("true", "true"), (Property("PublishRepositoryUrl"), Property("EmbedUntrackedSources")));
        Assert.NotEqual("Package Description", Property("Description"));
        Assert.Equal(id == "nsdropout" ? ("true", "false", "") : ("", "true", "true"), (Property("PackAsTool"), Property("GenerateDocumentationFile"), Property("IncludeSymbols")));

        var items = evaluated.GetProperty("Items");
        Assert.Equal(dependencies, Identities(items, "PackageReference").Except(["Meziantou.Analyzer"], StringComparer.Ordinal));
        Assert.DoesNotContain(Identities(items, "ProjectReference"), path => path.Contains("SystemLibTorch", StringComparison.Ordinal));
    }

    [Fact]
    public void OtherProjects_AreNotPackable()
    {
        var packable = Packages().Select(row => Repository.PathOf((string)row[0])).ToHashSet(StringComparer.Ordinal);
        var others = new[] { "src", "examples", "tests", "benchmarks" }
            .SelectMany(folder => Directory.GetFiles(Repository.PathOf(folder), "*.csproj", SearchOption.AllDirectories))
            .Where(project => !packable.Contains(Path.GetDirectoryName(project)!));

        Assert.All(others, project => Assert.DoesNotContain("<IsPackable>true", File.ReadAllText(project), StringComparison.Ordinal));
        Assert.Contains("<IsPackable>false</IsPackable>", Repository.Read("Directory.Build.props"), StringComparison.Ordinal);
    }

    [Fact]
    public void Pack_WithTheSystemProvider_FailsWithOneSentence()
    {
        var pack = Dotnet.Run("pack", "src/NsDropoutTorch", "-p:TorchProvider=system", "-nologo", "-v", "quiet", "--no-restore", "--no-build");

        Assert.NotEqual(0, pack.ExitCode);
        Assert.Equal(NoProvider, Assert.Single(pack.Output.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)).Select(Sentence).Distinct(StringComparer.Ordinal)));
    }

    private static string Sentence(string line) => line[(line.IndexOf(" : ", StringComparison.Ordinal) + 3)..line.IndexOf(" [", StringComparison.Ordinal)];

    private static JsonElement Evaluate(string project)
    {
        const string Properties = "PackageId,Version,PackageLicenseExpression,PackageReadmeFile,IsPackable,IncludeSymbols,SymbolPackageFormat,Deterministic,"
            + "PublishRepositoryUrl,EmbedUntrackedSources,Description,GenerateDocumentationFile,PackAsTool";
        var file = Directory.GetFiles(Repository.PathOf(project), "*.csproj").Single();
        var evaluation = Dotnet.Run("msbuild", file, "-p:TorchProvider=nuget", "-p:Configuration=Release", $"-getProperty:{Properties}", "-getItem:PackageReference,ProjectReference");
        Assert.True(evaluation.ExitCode == 0, evaluation.All);
        return JsonDocument.Parse(evaluation.Output).RootElement;
    }

    private static IEnumerable<string> Identities(JsonElement items, string kind) =>
        items.GetProperty(kind).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!).Order(StringComparer.Ordinal);
}
