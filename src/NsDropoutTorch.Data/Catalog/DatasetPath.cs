using NsDropoutTorch.Data.Formats;

namespace NsDropoutTorch.Data.Catalog;

/// <summary>Reads a data set that is given by its place rather than by name, without checksums.</summary>
internal static class DatasetPath
{
    private static readonly string[] TarEndings = [".tar.gz", ".tgz", ".tar"];

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
        var idx = IdxPlace.In(folder);
        if (idx.IsComplete)
            return Images(folder, idx);
        var batchFolder = DataPlaces.FoldersIn(folder).FirstOrDefault(inner => DataPlaces.Plain(Path.GetFileName(inner)) == DataPlaces.Plain(CifarBinary.FolderName));
        if (batchFolder is not null)
            return LoadFolder(batchFolder);
        var names = NamesIn(folder);
        var batches = CifarBinary.BatchesAmong(names);
        if (batches.Count > 0)
            return Cifar(folder, [.. batches.Select(name => DataFileReader.Identify(Path.Combine(folder, name)))], CifarBinary.ReadFolder(folder));
        return LoadBelow(folder) ?? throw Incomplete(folder, names, idx);
    }

    // A folder like torchvision's MNIST, which holds the files in raw.
    private static ImageDataset? LoadBelow(string folder)
    {
        var places = DataPlaces.WithFoldersIn(folder, []).Skip(1).Select(place => (Folder: place, Idx: IdxPlace.In(place))).Where(place => place.Idx.IsComplete).ToArray();
        if (places.Length > 1)
        {
            throw new DataFormatException(
                $"A data folder must hold one data set, but {folder} holds IDX files in {string.Join(", ", places.Select(place => place.Folder))}: give the path of one of them.");
        }

        return places.Length == 0 ? null : Images(folder, places[0].Idx);
    }

    private static DataFormatException Incomplete(string folder, IReadOnlyList<string> names, IdxPlace idx)
    {
        var rule = $"A data folder must hold IDX files, {IdxPlace.Wanted}, or CIFAR-10 batches (data_batch_1.bin, …), but";
        if (idx.Missing.Count < idx.Files.Count)
            return new($"{rule} {folder} holds only {string.Join(", ", idx.Files.OfType<string>().Select(path => Path.GetRelativePath(folder, path)))}: add {string.Join(", ", idx.Missing)}, each with or without .gz.");
        var tables = names.Where(name => name.Contains(".csv", StringComparison.OrdinalIgnoreCase)).ToArray();
        return new(tables.Length > 0
            ? $"{rule} {folder} holds {string.Join(", ", tables)}: give the path of one CSV file instead."
            : $"{rule} {folder} holds neither.");
    }

    private static IReadOnlyList<string> NamesIn(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DataFormatException($"A data folder must be readable, but {folder} is not: check its permissions.", e);
        }
    }

    private static ImageDataset Images(string folder, IdxPlace place)
    {
        var files = place.Files.OfType<string>().ToArray();
        var (train, test) = (IdxFile.Read(files[0], files[1]), IdxFile.Read(files[2], files[3]));
        var numClasses = 1 + train.Labels.Concat(test.Labels).DefaultIfEmpty().Max();
        return new ImageDataset(NameOf(folder), numClasses, [.. Enumerable.Range(0, numClasses).Select(c => Invariant($"{c}"))], train, test, folder, [.. files.Select(DataFileReader.Identify)]);
    }

    private static ImageDataset Cifar(string path, IReadOnlyList<DataFile> files, (ImageSet Train, ImageSet Test) parts) =>
        new(NameOf(path), CifarBinary.ClassNames.Count, CifarBinary.ClassNames, parts.Train, parts.Test, path, files);

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
}
