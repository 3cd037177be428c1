using NsDropoutTorch.Data.Formats;

namespace NsDropoutTorch.Data.Catalog;

/// <summary>A data set of the catalogue that lies in files: which they are, what they should hash to, and how they are read.</summary>
internal abstract class StoredDataset
{
    /// <summary>Name in the catalogue.</summary>
    public required string Name { get; init; }

    /// <summary>Names of its folder inside a data folder, in order of preference and in any spelling; downloads go into the first as it is spelt here.</summary>
    public required IReadOnlyList<string> FolderNames { get; init; }

    /// <summary>All versions of its files that are known.</summary>
    public required IReadOnlyList<PublishedFile> Published { get; init; }

    /// <summary>Author, title, year and licence.</summary>
    public required string Source { get; init; }

    /// <summary>The files that a download fetches into an empty folder.</summary>
    public IEnumerable<PublishedFile> Downloads => Published.Where(file => file.Urls.Count > 0);

    /// <summary>Whether a file of a length that no known version has may be a subset, rather than damaged.</summary>
    protected virtual bool AllowsSubsets => false;

    /// <summary>The names that are looked for, for a sentence.</summary>
    public virtual string Wanted => string.Join(", ", Downloads.Select(file => file.Name));

    /// <summary>The files that reading <paramref name="folder"/> takes, be they there or not.</summary>
    public abstract IReadOnlyList<StoredFile> FilesIn(string folder);

    /// <summary>Folders of a data folder that may hold the files, in the order in which they are looked at.</summary>
    public virtual IEnumerable<string> PlacesIn(string dataFolder) => DataPlaces.Of(dataFolder, FolderNames);

    /// <summary>The first place in a data folder that holds all files, whatever is in them; null where there is none.</summary>
    public string? FolderIn(string dataFolder) => PlacesIn(dataFolder).FirstOrDefault(place => FilesIn(place).All(file => file.Exists));

    /// <summary>The first place that holds some files but not all, in a sentence; empty where there is none.</summary>
    public string Incomplete(IEnumerable<string> dataFolders) => dataFolders.SelectMany(PlacesIn)
        .Select(place => (Place: place, Files: FilesIn(place)))
        .Where(found => found.Files.Any(file => file.Exists))
        .Select(found => $" {found.Place} lacks {string.Join(", ", found.Files.Where(file => !file.Exists).Select(file => file.Name))}.")
        .FirstOrDefault("");

    /// <summary>Reads the files and verifies their checksums. A wrong checksum is reported before an error in reading, which it may have caused.</summary>
    public Dataset Load(string folder)
    {
        var hashing = Task.Run(() => Verify(folder));
        var reading = Task.Run(() => Read(folder));
        var checks = hashing.GetAwaiter().GetResult();
        ThrowUnlessSound(checks);
        return reading.GetAwaiter().GetResult() with { Files = [.. checks.Select(check => check.Found!)] };
    }

    /// <summary>Compares each of <see cref="FilesIn"/> with its published hash.</summary>
    public IReadOnlyList<FileCheck> Verify(string folder) => [.. FilesIn(folder).Select(Check)];

    /// <summary>What a download must fetch so that <paramref name="folder"/> is complete and sound.</summary>
    public IReadOnlyList<PublishedFile> Wanting(string folder)
    {
        var wrong = Verify(folder).Where(check => check.State is FileState.Missing or FileState.Differs).Select(check => check.Path).ToList();
        return wrong.Count == 0 ? [] : [.. Downloads.Where(file => wrong.Contains(PathOf(folder, file.Name)) || !File.Exists(PathOf(folder, file.Name)))];
    }

    /// <summary>Where a file of the data set lies.</summary>
    public static string PathOf(string folder, string name) => Path.Combine(folder, Path.Combine(name.Split('/')));

    /// <summary>Reads the files without verifying them.</summary>
    protected abstract Dataset Read(string folder);

    private FileCheck Check(StoredFile stored)
    {
        var path = stored.Path;
        // Contents decide what is compressed, so a file may be published under either name.
        var versions = Published.Where(file => Bare(file.Name) == Bare(stored.Name)).ToList();
        var expected = versions.Find(file => file.Name == stored.Name);
        if (!stored.Exists)
            return new FileCheck(Name, path, FileState.Missing, expected?.Sha256, null);
        var found = DataFileReader.Identify(path);
        expected = versions.Find(file => file.Bytes == found.Bytes) ?? (AllowsSubsets ? null : expected);
        var state = expected is null ? FileState.Unknown : expected.Sha256 == found.Sha256 ? FileState.Verified : FileState.Differs;
        return new FileCheck(Name, path, state, expected?.Sha256, found);
    }

    private static string Bare(string name) => IdxPlace.IsCompressed(name) ? Path.GetFileNameWithoutExtension(name) : name;

    private void ThrowUnlessSound(IReadOnlyList<FileCheck> checks)
    {
        foreach (var check in checks)
        {
            if (check.State == FileState.Missing)
                throw new DataFormatException($"{Name} needs {check.Path}, which does not exist: fetch it with `nsdropout data download {Name}`.");
            if (check.State == FileState.Differs)
            {
                throw new DataFormatException(
                    $"{check.Path} must have the published SHA-256 {check.Expected}, but has {check.Found!.Sha256}: "
                    + $"fetch it again with `nsdropout data download {Name}`, or give its folder instead of the name {Name} to use it unverified.");
            }
        }
    }
}

/// <summary>A file of a data set in a folder, be it there or not.</summary>
/// <param name="Name">Its name as <see cref="PublishedFile"/> has it.</param>
/// <param name="Path">Where it is or should be.</param>
internal sealed record StoredFile(string Name, string Path)
{
    /// <summary>Whether it is there.</summary>
    public bool Exists => File.Exists(Path);

    /// <summary>A file of its published name.</summary>
    public static StoredFile In(string folder, string name) => new(name, StoredDataset.PathOf(folder, name));
}

/// <summary>A file of a data set as its publisher made it, or as this project knows a variant of it.</summary>
/// <param name="Name">Path inside the data set's folder, with forward slashes.</param>
/// <param name="Bytes">Length.</param>
/// <param name="Sha256">Hash of the bytes, lower-case hexadecimal.</param>
/// <param name="Urls">Where it can be downloaded, in order of preference; none for a variant.</param>
internal sealed record PublishedFile(string Name, long Bytes, string Sha256, params IReadOnlyList<Uri> Urls);

/// <summary>One file of a data set, compared with its published checksum.</summary>
/// <param name="Dataset">The data set's name.</param>
/// <param name="Path">Where the file is, or should be.</param>
/// <param name="State">What the comparison says.</param>
/// <param name="Expected">The published SHA-256; null where none is known.</param>
/// <param name="Found">The file as it is; null where it is missing.</param>
public sealed record FileCheck(string Dataset, string Path, FileState State, string? Expected, DataFile? Found);

/// <summary>What comparing a file with its published checksum says.</summary>
public enum FileState
{
    /// <summary>The checksum is the published one.</summary>
    Verified,

    /// <summary>The checksum is not the published one.</summary>
    Differs,

    /// <summary>No checksum is known for such a file; its format is still checked when it is read.</summary>
    Unknown,

    /// <summary>The file is not there.</summary>
    Missing,
}
