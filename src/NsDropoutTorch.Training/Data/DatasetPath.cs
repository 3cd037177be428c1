namespace NsDropoutTorch.Training.Data;

/// <summary>Reads a data set that is given by its place rather than by name, without checksums.</summary>
internal static class DatasetPath
{
    /// <summary>Whether <paramref name="text"/> can only be meant as a path.</summary>
    public static bool IsPath(string text) =>
        File.Exists(text) || Directory.Exists(text) || text.Contains('/') || text.Contains(Path.DirectorySeparatorChar) || Path.HasExtension(text);

    /// <summary>Reads a CSV file, a CIFAR-10 archive, or a folder of IDX files or CIFAR-10 batches.</summary>
    public static Dataset Load(string path)
    {
        if (Directory.Exists(path))
            return LoadFolder(path);
        if (path.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase))
            return Cifar(path, [DataFile.Of(path)], CifarBinary.ReadArchive(path));
        return CsvDataset.ReadFile(path);
    }

    private static ImageDataset LoadFolder(string folder)
    {
        if (Idx(folder, "train") is { } train && Idx(folder, "t10k") is { } test)
            return Images(folder, train, test);
        if (Directory.Exists(Path.Combine(folder, CifarBinary.FolderName)))
            return LoadFolder(Path.Combine(folder, CifarBinary.FolderName));
        var batches = CifarBinary.BatchesAmong(Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)));
        if (batches.Count > 0)
            return Cifar(folder, [.. batches.Select(name => DataFile.Of(Path.Combine(folder, name)))], CifarBinary.ReadFolder(folder));
        throw new DataFormatException(
            $"A data folder must hold IDX files (train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-…) or CIFAR-10 batches (data_batch_1.bin, …), but {folder} holds neither.");
    }

    private static (string Images, string Labels)? Idx(string folder, string part) =>
        Existing(folder, $"{part}-images-idx3-ubyte") is { } images && Existing(folder, $"{part}-labels-idx1-ubyte") is { } labels
            ? (images, labels)
            : null;

    private static string? Existing(string folder, string stem) =>
        new[] { Path.Combine(folder, $"{stem}.gz"), Path.Combine(folder, stem) }.FirstOrDefault(File.Exists);

    private static ImageDataset Images(string folder, (string Images, string Labels) train, (string Images, string Labels) test)
    {
        var (trainSet, testSet) = (IdxFile.Read(train.Images, train.Labels), IdxFile.Read(test.Images, test.Labels));
        var numClasses = 1 + trainSet.Labels.Concat(testSet.Labels).DefaultIfEmpty().Max();
        var files = new[] { train.Images, train.Labels, test.Images, test.Labels }.Select(DataFile.Of);
        return new ImageDataset(NameOf(folder), numClasses, [.. Enumerable.Range(0, numClasses).Select(c => Invariant($"{c}"))], trainSet, testSet, folder, [.. files]);
    }

    private static ImageDataset Cifar(string path, IReadOnlyList<DataFile> files, (ImageSet Train, ImageSet Test) parts) =>
        new(NameOf(path), CifarBinary.ClassNames.Count, CifarBinary.ClassNames, parts.Train, parts.Test, path, files);

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
}
