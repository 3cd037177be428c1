namespace NsDropoutTorch.Training.Data;

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
