using NsDropoutTorch.Data.Formats;

namespace NsDropoutTorch.Data.Catalog;

/// <summary>MNIST and its relatives: two pairs of IDX files, each compressed or not.</summary>
internal sealed class StoredIdx : StoredDataset
{
    /// <summary>Names of the classes.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <inheritdoc/>
    public override string Wanted => $"{IdxPlace.Wanted} in {FolderNames[0]}/, {OtherSpelling}/raw/ or the like";

    /// <summary>The name that torchvision's folder has.</summary>
    public required string OtherSpelling { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<StoredFile> FilesIn(string folder) => [.. IdxPlace.Names.Zip(IdxPlace.In(folder).Files, (name, path) => path is null
        ? StoredFile.In(folder, $"{name}.gz")
        : new StoredFile(IdxPlace.IsCompressed(path) ? $"{name}.gz" : name, path))];

    /// <inheritdoc/>
    protected override Dataset Read(string folder)
    {
        var files = FilesIn(folder).Select(file => file.Path).ToArray();
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
    private const string TestBatch = "test_batch.bin";
    private const string FirstBatch = "data_batch_1.bin";

    /// <inheritdoc/>
    protected override bool AllowsSubsets => true;

    /// <inheritdoc/>
    public override string Wanted => $"{Archive} or {CifarBinary.FolderName}/ in {FolderNames[0]}/, CIFAR10/ or the data folder itself";

    /// <inheritdoc/>
    public override IEnumerable<string> PlacesIn(string dataFolder) => base.PlacesIn(dataFolder).Append(dataFolder);

    /// <inheritdoc/>
    public override IReadOnlyList<StoredFile> FilesIn(string folder)
    {
        if (File.Exists(Path.Combine(folder, Archive)) || BatchFolderIn(folder) is not { } extracted)
            return [StoredFile.In(folder, Archive)];
        var found = CifarBinary.BatchesAmong(DataPlaces.FilesIn(extracted));
        return found.Count > 0 && found[0] != TestBatch ? [.. found.Append(TestBatch).Distinct(StringComparer.Ordinal).Select(In)] : [In(FirstBatch), In(TestBatch)];

        StoredFile In(string name) => new($"{CifarBinary.FolderName}/{name}", Path.Combine(extracted, name));
    }

    /// <inheritdoc/>
    protected override Dataset Read(string folder)
    {
        var archive = Path.Combine(folder, Archive);
        var (train, test) = File.Exists(archive)
            ? CifarBinary.ReadArchive(archive)
            : CifarBinary.ReadFolder(BatchFolderIn(folder) ?? folder);
        var isWhole = train.Count == TrainCount && test.Count == TestCount;
        var source = isWhole ? Source : Source + Invariant($" A subset: {train.Count:N0} of {TrainCount:N0} training and {test.Count:N0} of {TestCount:N0} test images, unverified.");
        return new ImageDataset(Name, CifarBinary.ClassNames.Count, CifarBinary.ClassNames, train, test, source, []);
    }

    private static string? BatchFolderIn(string folder) => DataPlaces.FoldersIn(folder)
        .Where(path => DataPlaces.Plain(Path.GetFileName(path)) == DataPlaces.Plain(CifarBinary.FolderName))
        .Concat(CifarBinary.BatchesAmong(DataPlaces.FilesIn(folder)).Count > 0 ? [folder] : [])
        .FirstOrDefault();
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
    public override IReadOnlyList<StoredFile> FilesIn(string folder) => [StoredFile.In(folder, "optdigits.tra"), StoredFile.In(folder, "optdigits.tes")];

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
