namespace NsDropoutTorch.Training.Data;

/// <summary>CIFAR-10: the archive, or the folder that it extracts to.</summary>
internal class StoredCifar : StoredDataset
{
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
        return new ImageDataset(Name, CifarBinary.ClassNames.Count, CifarBinary.ClassNames, train, test, Source, []);
    }
}
