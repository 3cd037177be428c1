using NsDropoutTorch.Docs.Tests.Support;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text.Json;
using System.Xml.Linq;

namespace NsDropoutTorch.Docs.Tests.Packages;

/// <summary>Packages of the repository, each made once: of the tool those that this platform installs.</summary>
public sealed class PackedFiles : IDisposable
{
    public const string Tool = "nsdropout";
    public static readonly string PlatformTool = $"{Tool}.{Platform.Identifier}";
    public static readonly IReadOnlyList<string> Libraries = ["NsDropoutTorch", "NsDropoutTorch.Data", "NsDropoutTorch.Training", "NsDropoutTorch.Experiments"];

    private readonly TempFolder folder = new();
    private readonly Lazy<string> libraries;
    private readonly Lazy<string> tool;

    public PackedFiles() => (libraries, tool) = (new(PackLibraries), new(PackTool));

    /// <summary>The folder of the libraries' packages.</summary>
    public string LibraryFolder => libraries.Value;

    /// <summary>The folder of the tool's packages.</summary>
    public string ToolFolder => tool.Value;

    /// <summary>The folder that applications of the tests restore to, so that each package is unpacked once.</summary>
    public string RestoreFolder => folder.PathOf("restored");

    // The tests were built from what is packed, unless as something else.
    private static bool IsBuilt => (Dotnet.Configuration, Dotnet.TorchDevice) == ("Release", "cpu");

    /// <summary>The file that is a package.</summary>
    internal string PathOf(string id, string extension = "nupkg") =>
        Path.Combine(Libraries.Contains(id) ? LibraryFolder : ToolFolder, $"{id}.{Repository.Version}.{extension}");

    /// <summary>What a package says of itself: the metadata of its nuspec.</summary>
    internal XElement Metadata(string id) =>
        XDocument.Load(new MemoryStream(Content(id, $"{id}.nuspec"))).Root!.Elements().Single(element => element.Name.LocalName == "metadata");

    /// <summary>The files in a package.</summary>
    internal IReadOnlyList<string> Entries(string id, string extension = "nupkg")
    {
        using var package = ZipFile.OpenRead(PathOf(id, extension));
        return [.. package.Entries.Select(entry => entry.FullName)];
    }

    /// <summary>What a file in a package holds.</summary>
    internal byte[] Content(string id, string entry, string extension = "nupkg")
    {
        using var package = ZipFile.OpenRead(PathOf(id, extension));
        using var stream = package.GetEntry(entry)!.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>Where the sources of a library lay when it was compiled, as its symbols say.</summary>
    internal IReadOnlyList<string> Sources(string id)
    {
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Content(id, $"lib/net10.0/{id}.pdb", "snupkg")));
        var reader = provider.GetMetadataReader();
        return [.. reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name))];
    }

    public void Dispose() => folder.Dispose();

    private string PackLibraries()
    {
        var output = folder.PathOf("libraries");
        var part = new { solution = new { path = Repository.PathOf("NsDropoutTorch.sln"), projects = Libraries.Select(id => $"src/{id}/{id}.csproj") } };
        File.WriteAllText(folder.PathOf("libraries.slnf"), JsonSerializer.Serialize(part));
        Pack(folder.PathOf("libraries.slnf"), output, IsBuilt ? ["--no-build"] : []);
        return output;
    }

    private string PackTool()
    {
        if (OperatingSystem.IsLinux())
        {
            LoadableLibrary.Make();
        }

        var output = folder.PathOf("tool");
        string[] rest = IsBuilt ? ["-p:BuildProjectReferences=false", "-p:RunAnalyzers=false"] : [];
        Pack("src/NsDropoutTorch.Cli", output, [$"-p:ToolPackageRuntimeIdentifiers={Platform.Identifier}", .. rest]);
        return output;
    }

    private static void Pack(string project, string output, IEnumerable<string> options) =>
        Dotnet.Run(["pack", project, "-c", "Release", "-p:TorchDevice=cpu", "-o", output, "-nologo", "-v", "quiet", .. options]).Succeeded();
}
