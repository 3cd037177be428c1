using NsDropoutTorch.Data.Formats;

namespace NsDropoutTorch.Data.Catalog;

/// <summary>Reads a data set that is given by its place rather than by name, without checksums.</summary>
internal static class DatasetPath
{
    private static readonly string[] TarEndings = [".tar.gz", ".tgz", ".tar"];
    private static readonly string[] IdxStems = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    /// <summary>Whether <paramref name="text"/> can only be meant as a path.</summary>
    public static bool IsPath(string text) =>
        File.Exists(text) || Directory.Exists(text) || text.Contains('/') || text.Contains(Path.DirectorySeparatorChar) || Path.HasExtension(text);

    /// <summary>Reads a CSV file, a CIFAR-10 archive, or a folder of IDX files or CIFAR-10 batches.</summary>
    public static Dataset Load(string path, CsvOptions csv)
    {
        if (Directory.Exists(path))
        {
            CheckNoCsvOptions(csv, path);
            return LoadFolder(path);
        }

        if (!TarEndings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) && !FileKind.IsTar(path))
            return CsvDataset.ReadFile(path, csv);
        CheckNoCsvOptions(csv, path);
        return Cifar(path, [DataFileReader.Identify(path)], CifarBinary.ReadArchive(path));
    }

    /// <summary>Throws <see cref="DataFormatException"/> where something is chosen that only a CSV file leaves open.</summary>
    public static void CheckNoCsvOptions(CsvOptions csv, string dataset)
    {
        var option = csv.LabelColumn is not null ? "--label" : csv.Header != CsvHeader.Auto ? "--header" : null;
        if (option is not null)
            throw new DataFormatException($"{option} is for CSV files, but {dataset} is none: leave it out.");
    }

    private static ImageDataset LoadFolder(string folder)
    {
        var names = NamesIn(folder);
        var idx = IdxStems.Select(stem => new[] { $"{stem}.gz", stem }.FirstOrDefault(names.Contains)).ToArray();
        if (Array.TrueForAll(idx, name => name is not null))
            return Images(folder, [.. idx.Select(name => Path.Combine(folder, name!))]);
        if (Directory.Exists(Path.Combine(folder, CifarBinary.FolderName)))
            return LoadFolder(Path.Combine(folder, CifarBinary.FolderName));
        var batches = CifarBinary.BatchesAmong(names);
        if (batches.Count > 0)
            return Cifar(folder, [.. batches.Select(name => DataFileReader.Identify(Path.Combine(folder, name)))], CifarBinary.ReadFolder(folder));
        throw Incomplete(folder, names, [.. idx.OfType<string>()], [.. IdxStems.Where((_, i) => idx[i] is null)]);
    }

    private static DataFormatException Incomplete(string folder, HashSet<string> names, string[] idx, string[] missing)
    {
        const string Rule =
            "A data folder must hold IDX files (train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-…) or CIFAR-10 batches (data_batch_1.bin, …), but";
        if (idx.Length > 0)
            return new($"{Rule} {folder} holds only {string.Join(", ", idx)}: add {string.Join(", ", missing)}, each with or without .gz.");
        var tables = names.Where(name => name.Contains(".csv", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).ToArray();
        return new(tables.Length > 0
            ? $"{Rule} {folder} holds {string.Join(", ", tables)}: give the path of one CSV file instead."
            : $"{Rule} {folder} holds neither.");
    }

    private static HashSet<string> NamesIn(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).ToHashSet(StringComparer.Ordinal);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DataFormatException($"A data folder must be readable, but {folder} is not: check its permissions.", e);
        }
    }

    private static ImageDataset Images(string folder, string[] files)
    {
        var (train, test) = (IdxFile.Read(files[0], files[1]), IdxFile.Read(files[2], files[3]));
        var numClasses = 1 + train.Labels.Concat(test.Labels).DefaultIfEmpty().Max();
        return new ImageDataset(NameOf(folder), numClasses, [.. Enumerable.Range(0, numClasses).Select(c => Invariant($"{c}"))], train, test, folder, [.. files.Select(DataFileReader.Identify)]);
    }

    private static ImageDataset Cifar(string path, IReadOnlyList<DataFile> files, (ImageSet Train, ImageSet Test) parts) =>
        new(NameOf(path), CifarBinary.ClassNames.Count, CifarBinary.ClassNames, parts.Train, parts.Test, path, files);

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
}
