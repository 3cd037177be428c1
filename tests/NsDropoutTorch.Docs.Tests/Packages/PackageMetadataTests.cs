using NsDropoutTorch.Docs.Tests.Support;
using System.Text.Json;
using NsDropoutTorch.Cli.Commands;

namespace NsDropoutTorch.Docs.Tests.Packages;

/// <summary>What packages will say of themselves, asked of the projects.</summary>
public sealed class PackageMetadataTests
{
    public static TheoryData<string, string, string[]> Packages() => new()
    {
        { "src/NsDropoutTorch", "NsDropoutTorch", ["TorchSharp"] },
        { "src/NsDropoutTorch.Data", "NsDropoutTorch.Data", ["Sep", "System.IO.Hashing", "TorchSharp"] },
        { "src/NsDropoutTorch.Training", "NsDropoutTorch.Training", ["System.Numerics.Tensors", "TorchSharp"] },
        { "src/NsDropoutTorch.Experiments", "NsDropoutTorch.Experiments", ["MathNet.Numerics", "System.IO.Hashing", "TorchSharp"] },
        { "src/NsDropoutTorch.Cli", "nsdropout", ["Spectre.Console", "System.CommandLine", "TorchSharp-cpu"] },
    };

    [Theory, MemberData(nameof(Packages))]
    public void Project_HasMetadataAndDependencies(string project, string id, string[] dependencies)
    {
        var evaluated = Evaluate(project);

        var properties = evaluated.GetProperty("Properties");
        string Property(string name) => properties.GetProperty(name).GetString()!;
        Assert.Equal((id, Repository.Version, "MIT", "README.md"), (Property("PackageId"), Property("Version"), Property("PackageLicenseExpression"), Property("PackageReadmeFile")));
        Assert.Equal(("true", "snupkg", "true"), (Property("IsPackable"), Property("SymbolPackageFormat"), Property("Deterministic")));
        Assert.Equal(("true", "true"), (Property("PublishRepositoryUrl"), Property("EmbedUntrackedSources")));
        Assert.NotEqual("Package Description", Property("Description"));
        Assert.Equal(
            id == PackedFiles.Tool ? ("true", "linux-x64;win-x64;osx-arm64", "false", "") : ("", "", "true", "true"),
            (Property("PackAsTool"), Property("ToolPackageRuntimeIdentifiers"), Property("GenerateDocumentationFile"), Property("IncludeSymbols")));
        Assert.Equal(dependencies, Identities(evaluated.GetProperty("Items"), "PackageReference").Except(["Meziantou.Analyzer"], StringComparer.Ordinal));
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

    private static JsonElement Evaluate(string project)
    {
        const string Properties = "PackageId,Version,PackageLicenseExpression,PackageReadmeFile,IsPackable,IncludeSymbols,SymbolPackageFormat,Deterministic,"
            + "PublishRepositoryUrl,EmbedUntrackedSources,Description,GenerateDocumentationFile,PackAsTool,ToolPackageRuntimeIdentifiers";
        var file = Directory.GetFiles(Repository.PathOf(project), "*.csproj").Single();
        var evaluation = Dotnet.Run("msbuild", file, "-p:TorchDevice=cpu", "-p:Configuration=Release", $"-getProperty:{Properties}", "-getItem:PackageReference").Succeeded();
        return JsonDocument.Parse(evaluation.Output).RootElement;
    }

    private static IEnumerable<string> Identities(JsonElement items, string kind) =>
        items.GetProperty(kind).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!).Order(StringComparer.Ordinal);
}
