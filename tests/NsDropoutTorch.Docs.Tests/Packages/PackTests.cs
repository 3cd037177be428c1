using NsDropoutTorch.Docs.Tests.Support;
using System.Xml.Linq;

namespace NsDropoutTorch.Docs.Tests.Packages;

/// <summary>The packages of the libraries.</summary>
[Collection(PackagesCollection.Name)]
public sealed class PackTests(PackedFiles packages)
{
    private static readonly string TorchSharp = $"TorchSharp {Repository.VersionOf("TorchSharp")}";

    public static TheoryData<string> Libraries() => [.. PackedFiles.Libraries];

    [Fact]
    public void Layers_DependOnTorchSharpAlone() => Assert.Equal([TorchSharp], Dependencies("NsDropoutTorch"));

    // Versions that are pinned for the data are named by whoever refers to it.
    [Fact]
    public void Training_DependsOnTheData_AndBesideItOnArithmeticAlone() =>
        Assert.Equal([$"NsDropoutTorch.Data {Repository.Version}", "System.Numerics.Tensors 10.0.15"], Dependencies("NsDropoutTorch.Training").Except(Dependencies("NsDropoutTorch.Data"), StringComparer.Ordinal));

    [Theory, MemberData(nameof(Libraries))]
    public void Library_HasDocumentationReadmeLicenceAndSymbols_AndNothingElse(string id)
    {
        string[] ofThePackageFormat = [$"{id}.nuspec", "[Content_Types].xml", "_rels/.rels"];
        Assert.Equal(
            new[] { $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml", "README.md", "LICENSE" }.Concat(ofThePackageFormat).Concat(ForNotebooks(id)).Order(StringComparer.Ordinal),
            packages.Entries(id).Where(entry => !entry.StartsWith("package/services/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains($"lib/net10.0/{id}.pdb", packages.Entries(id, "snupkg"));
        Assert.Equal(("MIT", "README.md"), (Value(id, "license"), Value(id, "readme")));
    }

    [Theory, MemberData(nameof(Libraries))]
    public void Library_NamesNoFolderOfTheMachineThatBuiltIt(string id) =>
        Assert.All(packages.Sources(id), source => Assert.StartsWith(Path.Exists(Repository.PathOf(".git")) ? "/_/" : "/", source, StringComparison.Ordinal));

    // What .NET Interactive runs when a notebook loads the package.
    private static string[] ForNotebooks(string id) => id == "NsDropoutTorch.Experiments" ? ["interactive-extensions/dotnet/extension.dib"] : [];

    private string Value(string id, string name) => packages.Metadata(id).Elements().Single(element => element.Name.LocalName == name).Value;

    private IEnumerable<string> Dependencies(string id) => packages.Metadata(id).Descendants().Where(element => element.Name.LocalName == "dependency")
        .Select(dependency => $"{Attribute(dependency, "id")} {Attribute(dependency, "version")}");

    private static string Attribute(XElement element, string name) => element.Attribute(name)!.Value;
}
