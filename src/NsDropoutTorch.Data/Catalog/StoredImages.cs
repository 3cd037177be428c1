using NsDropoutTorch.Data.Formats;

namespace NsDropoutTorch.Data.Catalog;

/// <summary>MNIST and its relatives: two pairs of IDX files, each compressed or not.</summary>
internal sealed class StoredIdx : StoredDataset
{
    private static readonly string[] Stems = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    /// <summary>Names of the classes.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> FilesIn(string folder) => [.. Stems.Select(stem =>
        !File.Exists(Path.Combine(folder, $"{stem}.gz")) && File.Exists(Path.Combine(folder, stem)) ? stem : $"{stem}.gz")];

    /// <inheritdoc/>
    protected override Dataset Read(string folder)
    {
        var files = FilesIn(folder).Select(name => PathOf(folder, name)).ToArray();
        var test = Task.Run(() => IdxFile.Read(files[2], files[3], ClassNames.Count));
        var train = IdxFile.Read(files[0], files[1], ClassNames.Count);
        return new ImageDataset(Name, ClassNames.Count, ClassNames, train, test.GetAwaiter().GetResult(), Source, []);
    }
}

/// <summary>CIFAR-10: the archive, or the folder that it extracts to.</summary>
internal class StoredCifar : StoredDataset
{
    private const int TrainCount = 50_000;
    private const int TestCount = 10_000;
    private const string Archive = "cifar-10-binary.tar.gz";
    private const string TestBatch = $"{CifarBinary.FolderName}/test_batch.bin";
    private const string FirstBatch = $"{CifarBinary.FolderName}/data_batch_1.bin";

    /// <inheritdoc/>
    protected override bool AllowsSubsets => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> FilesIn(string folder)
    {
        var extracted = Path.Combine(folder, CifarBinary.FolderName);
        if (File.Exists(Path.Combine(folder, Archive)) || !Directory.Exists(extracted))
            return [Archive];
        var batches = CifarBinary.BatchesAmong(Directory.EnumerateFiles(extracted).Select(path => Path.GetFileName(path)));
        var found = batches.Select(name => $"{CifarBinary.FolderName}/{name}").Append(TestBatch).Distinct(StringComparer.Ordinal).ToList();
        return found.Count > 1 ? found : [FirstBatch, TestBatch];
    }

    /// <inheritdoc/>
    protected override Dataset Read(string folder)
    {
        var archive = Path.Combine(folder, Archive);
        var (train, test) = File.Exists(archive)
            ? CifarBinary.ReadArchive(archive)
            : CifarBinary.ReadFolder(Path.Combine(folder, CifarBinary.FolderName));
        var isWhole = train.Count == TrainCount && test.Count == TestCount;
        var source = isWhole ? Source : Source + Invariant($" A subset: {train.Count:N0} of {TrainCount:N0} training and {test.Count:N0} of {TestCount:N0} test images, unverified.");
        return new ImageDataset(Name, CifarBinary.ClassNames.Count, CifarBinary.ClassNames, train, test, source, []);
    }
}

/// <summary>
/// CIFAR-10's data_batch_1 to learn from and data_batch_2 to judge by, for copies whose test batch holds too few images for a tight figure. Figures are
/// comparable with each other, not with those published for CIFAR-10.
/// </summary>
internal sealed class StoredCifarBatches : StoredCifar
{
    private const int BatchSize = 10_000;

    /// <inheritdoc/>
    protected override Dataset Read(string folder)
    {
        var whole = (ImageDataset)base.Read(folder);
        return whole.Train.Count >= 2 * BatchSize
            ? new ImageDataset(Name, whole.NumClasses, whole.ClassNames, whole.Train.Slice(0, BatchSize), whole.Train.Slice(BatchSize, BatchSize), Source, [])
            : throw new DataFormatException(
                $"{Name} needs data_batch_1.bin and data_batch_2.bin of {BatchSize} records each, but the batches in {folder} hold {whole.Train.Count}.");
    }
}

/// <summary>Optdigits: one CSV file to train, one to test.</summary>
internal sealed class StoredOptDigits : StoredDataset
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> FilesIn(string folder) => ["optdigits.tra", "optdigits.tes"];

    /// <inheritdoc/>
    protected override Dataset Read(string folder) => new ImageDataset(
        Name,
        OptDigits.ClassNames.Count,
        OptDigits.ClassNames,
        OptDigits.ReadFile(Path.Combine(folder, "optdigits.tra")),
        OptDigits.ReadFile(Path.Combine(folder, "optdigits.tes")),
        Source,
        []);
}
