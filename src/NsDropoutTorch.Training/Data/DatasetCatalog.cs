namespace NsDropoutTorch.Training.Data;

/// <summary>Data sets by name, and the folders where their files are looked for.</summary>
public sealed class DatasetCatalog
{
    /// <summary>mnist, fashion-mnist, cifar-10, optdigits, iris, spiral, synthetic-digits.</summary>
    public static IReadOnlyList<string> Names => throw new NotSupportedException();

    /// <summary>Looks in <paramref name="folders"/>, in that order; what is downloaded goes into the first.</summary>
    public DatasetCatalog(IReadOnlyList<string> folders, HttpClient? http = null) => throw new NotSupportedException();

    /// <summary>A catalogue over <paramref name="dataFolder"/> (the option --data), then NSDROPOUT_DATA, then ./data.</summary>
    public static DatasetCatalog Over(string? dataFolder = null) => throw new NotSupportedException();

    /// <summary>Where <paramref name="name"/> is.</summary>
    public DatasetLocation Find(string name) => throw new NotSupportedException();

    /// <summary>Where each data set of the catalogue is.</summary>
    public IReadOnlyList<DatasetLocation> List() => throw new NotSupportedException();

    /// <summary>Loads by name or path, without a network.</summary>
    public Dataset Load(string nameOrPath) => throw new NotSupportedException();

    /// <summary>Loads by name or path, downloading what is nowhere.</summary>
    public Task<Dataset> LoadAsync(string nameOrPath, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Compares the files of <paramref name="name"/> with their published checksums; empty where it is generated.</summary>
    public IReadOnlyList<FileCheck> Verify(string name) => throw new NotSupportedException();

    /// <summary>Downloads what is missing of <paramref name="name"/> and returns its folder.</summary>
    public Task<string> DownloadAsync(string name, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
