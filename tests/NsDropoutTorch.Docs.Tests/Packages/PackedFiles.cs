using System.IO.Compression;
using System.Reflection.Metadata;
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

    /// <summary>Where the sources of a library lay when it was compiled, as its symbols say.</summary>
    internal IReadOnlyList<string> Sources(string id)
    {
        using var package = Open(id, "snupkg");
        using var symbols = new MemoryStream();
        using (var entry = package.GetEntry($"lib/net10.0/{id}.pdb")!.Open())
        {
            entry.CopyTo(symbols);
        }

        symbols.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(symbols);
        var reader = provider.GetMetadataReader();
        return [.. reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name))];
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
