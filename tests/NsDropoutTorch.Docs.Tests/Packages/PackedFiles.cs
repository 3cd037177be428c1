using System.IO.Compression;
using System.Xml.Linq;
using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Packages;

/// <summary>All packages of the repository, made once.</summary>
public sealed class PackedFiles : IDisposable
{
    private readonly Lazy<string> folder = new(Pack);

    /// <summary>What a package says of itself: the metadata of its nuspec.</summary>
    internal XElement Metadata(string id) => Nuspec(id).Root!.Elements().Single(element => element.Name.LocalName == "metadata");

    /// <summary>The files in a package.</summary>
    internal IReadOnlyList<string> Entries(string id, string extension = "nupkg")
    {
        using var package = Open(id, extension);
        return [.. package.Entries.Select(entry => entry.FullName)];
    }

    public void Dispose()
    {
        if (folder.IsValueCreated)
        {
            Directory.Delete(folder.Value, recursive: true);
        }
    }

    private static string Pack()
    {
        var output = Directory.CreateTempSubdirectory("packages-").FullName;
        foreach (var project in new[] { "NsDropoutTorch", "NsDropoutTorch.Training", "NsDropoutTorch.Experiments", "NsDropoutTorch.Cli" })
        {
            var pack = Dotnet.Run("pack", $"src/{project}", "-c", "Release", "-p:TorchProvider=nuget", "-o", output, "-nologo", "-v", "quiet");
            Assert.True(pack.ExitCode == 0, pack.All);
        }

        return output;
    }

    private ZipArchive Open(string id, string extension) => ZipFile.OpenRead(Path.Combine(folder.Value, $"{id}.{Repository.Version}.{extension}"));

    private XDocument Nuspec(string id)
    {
        using var package = Open(id, "nupkg");
        using var stream = package.GetEntry($"{id}.nuspec")!.Open();
        return XDocument.Load(stream);
    }
}
