using System.Xml.Linq;
using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Packages;

/// <summary>The packages themselves, where the feed has what they depend on.</summary>
public sealed class PackTests(PackedFiles packages) : IClassFixture<PackedFiles>
{
    [PackedFact]
    public void Layers_DependOnTorchSharpAlone() => Assert.Equal(["TorchSharp 0.105.1"], Dependencies("NsDropoutTorch"));

    [PackedFact]
    public void Training_DependsOnTheLayersAndTheConsole() =>
        Assert.Equal([$"NsDropoutTorch {Repository.Version}", $"Spectre.Console {Repository.VersionOf("Spectre.Console")}", "TorchSharp 0.105.1"], Dependencies("NsDropoutTorch.Training"));

    [PackedFact]
    public void Libraries_HaveDocumentationReadmeLicenceAndSymbols() => Assert.All(
        ["NsDropoutTorch", "NsDropoutTorch.Training", "NsDropoutTorch.Experiments"],
        id =>
        {
            Assert.Superset(
                new HashSet<string> { $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml", "README.md", "LICENSE" },
                packages.Entries(id).ToHashSet());
            Assert.Contains($"lib/net10.0/{id}.pdb", packages.Entries(id, "snupkg"));
            Assert.Equal(("MIT", "README.md"), (Value(id, "license"), Value(id, "readme")));
        });

    [PackedFact]
    public void Libraries_NameNoFolderOfTheMachineThatBuiltThem() => Assert.All(
        ["NsDropoutTorch", "NsDropoutTorch.Training", "NsDropoutTorch.Experiments"],
        id => Assert.All(packages.Sources(id), source => Assert.StartsWith(Path.Exists(Repository.PathOf(".git")) ? "/_/" : "/", source, StringComparison.Ordinal)));

    [PackedFact]
    public void Tool_IsOne_AndBringsNoSystemProvider()
    {
        Assert.Equal("DotnetTool", packages.Metadata("nsdropout").Descendants().Single(element => element.Name.LocalName == "packageType").Attribute("name")!.Value);
        Assert.Contains("tools/net10.0/any/nsdropout.dll", packages.Entries("nsdropout"));
        Assert.DoesNotContain(packages.Entries("nsdropout"), entry => entry.Contains("SystemLibTorch", StringComparison.Ordinal));
    }

    private string Value(string id, string name) => packages.Metadata(id).Elements().Single(element => element.Name.LocalName == name).Value;

    private IEnumerable<string> Dependencies(string id) => packages.Metadata(id).Descendants().Where(element => element.Name.LocalName == "dependency")
        .Select(dependency => $"{Attribute(dependency, "id")} {Attribute(dependency, "version")}");

    private static string Attribute(XElement element, string name) => element.Attribute(name)!.Value;
}
