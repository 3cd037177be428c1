namespace NsDropoutTorch.Data.Catalog;

/// <summary>
/// Folders that may hold a data set, best first. Whoever unpacked it chose the names: torchvision writes <c>FashionMNIST/raw</c>, TorchVision of TorchSharp
/// <c>fashion-mnist/test_data</c>, a clone has <c>fashion-mnist/data/fashion</c>.
/// </summary>
internal static class DataPlaces
{
    private const int MostLevels = 3;

    // Their files have the same names as those of their relatives, so none is looked for in the folder of another.
    private static readonly string[] Relatives = ["mnist", "fashionmnist", "fmnist", "kmnist", "qmnist", "emnist", "cifar10", "cifar100"];
    private static readonly EnumerationOptions Readable = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };

    /// <summary>A name without what spellings differ in: letters are small, and only letters and digits count.</summary>
    public static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>
    /// In <paramref name="dataFolder"/>: for each name the folder of exactly that name, then those whose spelling differs, in ordinal order; last the data folder itself, where
    /// it has such a name or is <c>raw</c> or <c>test_data</c> in a folder that has. Each is followed by the folders in it, the upper levels first.
    /// </summary>
    /// <param name="dataFolder">A data folder, be it there or not.</param>
    /// <param name="names">What the data set's folder may be called, in any spelling, the best name first.</param>
    public static IEnumerable<string> Of(string dataFolder, IReadOnlyList<string> names)
    {
        var plain = names.Select(Plain).ToArray();
        return names.SelectMany(name => Spellings(dataFolder, name)).Concat(IsNamed(dataFolder, plain) ? [dataFolder] : [])
            .Distinct(StringComparer.Ordinal)
            .SelectMany(folder => WithFoldersIn(folder, plain));
    }

    /// <summary>A folder and those in it, the upper levels first and each level in ordinal order, but for hidden ones and those named after another data set.</summary>
    /// <param name="folder">A folder that exists.</param>
    /// <param name="plainNames">The <see cref="Plain"/> names of the data set looked for; empty looks for any.</param>
    public static IEnumerable<string> WithFoldersIn(string folder, IReadOnlyList<string> plainNames)
    {
        IReadOnlyList<string> level = [folder];
        for (var depth = 0; depth <= MostLevels && level.Count > 0; depth++)
        {
            foreach (var place in level)
                yield return place;
            level = [.. level.SelectMany(FoldersIn).Where(place => IsLookedInto(Path.GetFileName(place), plainNames))];
        }
    }

    /// <summary>The names of files in a folder, in ordinal order; none where it does not exist or may not be read.</summary>
    public static IReadOnlyList<string> FilesIn(string folder) => Names(folder, Directory.EnumerateFiles);

    /// <summary>The folders in a folder, in ordinal order; none where it does not exist or may not be read.</summary>
    public static IEnumerable<string> FoldersIn(string folder) => Names(folder, Directory.EnumerateDirectories).Select(name => Path.Combine(folder, name));

    private static IReadOnlyList<string> Names(string folder, Func<string, string, EnumerationOptions, IEnumerable<string>> entries) =>
        Directory.Exists(folder) ? [.. entries(folder, "*", Readable).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [];

    private static IEnumerable<string> Spellings(string dataFolder, string name) =>
        FoldersIn(dataFolder).Where(folder => Plain(Path.GetFileName(folder)) == Plain(name)).OrderBy(folder => Path.GetFileName(folder) == name ? 0 : 1);

    private static bool IsNamed(string dataFolder, string[] plain)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataFolder));
        var own = Plain(Path.GetFileName(path));
        return Directory.Exists(path) && plain.Contains(own is "raw" or "testdata" ? Plain(Path.GetFileName(Path.GetDirectoryName(path)) ?? "") : own, StringComparer.Ordinal);
    }

    private static bool IsLookedInto(string name, IReadOnlyList<string> plainNames) =>
        !name.StartsWith('.') && (plainNames.Count == 0 || plainNames.Contains(Plain(name), StringComparer.Ordinal) || !Relatives.Contains(Plain(name), StringComparer.Ordinal));
}
