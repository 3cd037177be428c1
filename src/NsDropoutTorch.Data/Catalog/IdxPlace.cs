namespace NsDropoutTorch.Data.Catalog;

/// <summary>
/// The four files of MNIST and its relatives in one folder, as publishers and unpackers name them: <c>train-images-idx3-ubyte</c> with or without <c>.gz</c>,
/// <c>train-images.idx3-ubyte</c>, <c>test-</c> for <c>t10k-</c>, or a folder of such a name that holds the file.
/// </summary>
/// <param name="Files">Paths of training images and labels, test images and labels; null for one that is not there.</param>
internal sealed record IdxPlace(IReadOnlyList<string?> Files)
{
    private const string Gzip = ".gz";
    private const StringComparison Anyhow = StringComparison.OrdinalIgnoreCase;

    /// <summary>How the files are named by their publishers, without <c>.gz</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    /// <summary>The names looked for, for a sentence.</summary>
    public static string Wanted { get; } = $"{string.Join(", ", Names)} (also as train-images.idx3-ubyte, with or without .gz)";

    /// <summary>Those that are not there.</summary>
    public IReadOnlyList<string> Missing => [.. Names.Where((_, i) => Files[i] is null)];

    /// <summary>Whether all are there.</summary>
    public bool IsComplete => Missing.Count == 0;

    /// <summary>Looks in one folder. Of several spellings the publishers' is taken, then the others in ordinal order, compressed ones first; a folder of such a name comes last.</summary>
    public static IdxPlace In(string folder)
    {
        var paths = DataPlaces.FilesIn(folder).Select(name => Path.Combine(folder, name)).ToList();
        var inner = DataPlaces.FoldersIn(folder).Where(path => Array.Exists([.. Names], name => Is(path, name))).ToList();
        return new([.. Names.Select(name => Best(paths, name) ?? inner.Where(path => Is(path, name)).Select(path => Best(FilesOf(path), name)).FirstOrDefault(path => path is not null))]);
    }

    /// <summary>Whether a file's name says that it is compressed.</summary>
    public static bool IsCompressed(string path) => path.EndsWith(Gzip, Anyhow);

    private static IEnumerable<string> FilesOf(string folder) => DataPlaces.FilesIn(folder).Select(name => Path.Combine(folder, name));

    private static string? Best(IEnumerable<string> paths, string name) => paths.Where(path => Is(path, name))
        .OrderBy(path => Bare(path) == name ? 0 : 1).ThenBy(path => IsCompressed(path) ? 0 : 1).FirstOrDefault();

    private static bool Is(string path, string name) => DataPlaces.Plain(Bare(path)) is var plain
        && (plain == DataPlaces.Plain(name) || plain == DataPlaces.Plain(name).Replace("t10k", "test", StringComparison.Ordinal));

    private static string Bare(string path) => Path.GetFileName(path) is var name && IsCompressed(name) ? name[..^Gzip.Length] : name;
}
