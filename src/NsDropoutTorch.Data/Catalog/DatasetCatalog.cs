using NsDropoutTorch.Data.Formats;

namespace NsDropoutTorch.Data.Catalog;

/// <summary>Data sets by name, and the folders where their files are looked for.</summary>
public sealed class DatasetCatalog
{
    /// <summary>The environment variable that names a data folder.</summary>
    public const string FolderVariable = "NSDROPOUT_DATA";

    private const string LocalFolder = "data";

    private static readonly Lazy<HttpClient> SharedHttp = new(CreateHttp);
    private readonly HttpClient? http;

    /// <summary>Looks in <paramref name="folders"/>, in that order; what is downloaded goes into the first.</summary>
    /// <param name="folders">At least one folder; none need exist.</param>
    /// <param name="http">Fetches downloads; by default one shared by all catalogues.</param>
    public DatasetCatalog(IReadOnlyList<string> folders, HttpClient? http = null)
    {
        if (folders.Count == 0)
            throw new ArgumentException("folders must hold at least one data folder, but got none.", nameof(folders));
        (Folders, this.http) = ([.. folders], http);
    }

    /// <summary>mnist, fashion-mnist, cifar-10, cifar-10-batches, optdigits, iris, spiral.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. KnownDatasets.Stored.Select(stored => stored.Name), .. KnownDatasets.Generated.Keys];

    /// <summary>How CSV files given by path are read.</summary>
    public CsvOptions Csv { get; init; } = new();

    /// <summary>Where data sets are looked for, in that order.</summary>
    public IReadOnlyList<string> Folders { get; }

    /// <summary>
    /// A catalogue over <paramref name="dataFolder"/> (the option --data) if given, then the folder of NSDROPOUT_DATA if set, then data/ of the working folder
    /// or, where it has none, of the nearest folder above that has one, then data/ beside the program, which holds what the program brings: optdigits and iris.
    /// </summary>
    /// <param name="dataFolder">A folder, or null.</param>
    /// <param name="csv">How CSV files are read; by default as they say themselves.</param>
    public static DatasetCatalog Over(string? dataFolder = null, CsvOptions? csv = null)
    {
        string?[] folders =
            [dataFolder, Environment.GetEnvironmentVariable(FolderVariable), LocalFolder, FolderAbove(), Path.Combine(AppContext.BaseDirectory, LocalFolder)];
        return new DatasetCatalog([.. folders.OfType<string>().Where(folder => folder.Length > 0).Distinct(StringComparer.Ordinal)]) { Csv = csv ?? new() };
    }

    /// <summary>Where <paramref name="name"/> is; throws <see cref="UnknownDatasetException"/>.</summary>
    public DatasetLocation Find(string name)
    {
        if (KnownDatasets.Generated.ContainsKey(name))
            return new DatasetLocation(name, IsGenerated: true, Folder: null, DownloadBytes: 0);
        var stored = Stored(name);
        var folder = FolderOf(stored);
        return new DatasetLocation(name, IsGenerated: false, folder, stored.Downloads.Sum(file => file.Bytes))
        {
            Files = folder is null ? [] : [.. stored.FilesIn(folder).Select(file => file.Path)],
        };
    }

    /// <summary>The first of <paramref name="names"/> that needs no download, or the last where all do.</summary>
    /// <param name="names">Names of the catalogue, the preferred one first.</param>
    /// <exception cref="UnknownDatasetException">A name is not in the catalogue.</exception>
    public string FirstAvailable(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name).IsAvailable)
                return name;
        }

        return names[^1];
    }

    /// <summary>Where each data set of the catalogue is.</summary>
    public IReadOnlyList<DatasetLocation> List() => [.. Names.Select(Find)];

    /// <summary>
    /// Loads by name, verified, or by path (a CSV file, a CIFAR-10 archive, a folder of IDX files or CIFAR-10 batches), without a network.
    /// Throws <see cref="UnknownDatasetException"/>, <see cref="DatasetUnavailableException"/> or <see cref="DataFormatException"/>.
    /// </summary>
    public Dataset Load(string nameOrPath)
    {
        var dataset = Read(nameOrPath);
        dataset.CheckVariety();
        return DatasetEvents.Loaded(dataset);
    }

    /// <summary>Loads as <see cref="Load"/>, after downloading what is in no folder.</summary>
    public async Task<Dataset> LoadAsync(
        string nameOrPath, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (KnownDatasets.Stored.Any(stored => stored.Name == nameOrPath) && !Find(nameOrPath).IsAvailable)
            await DownloadAsync(nameOrPath, progress, cancellationToken);
        return await Task.Run(() => Load(nameOrPath), cancellationToken);
    }

    /// <summary>Compares the files of <paramref name="name"/> with their published checksums; empty where it is generated.</summary>
    public IReadOnlyList<FileCheck> Verify(string name)
    {
        if (KnownDatasets.Generated.ContainsKey(name))
            return [];
        var stored = Stored(name);
        return stored.Verify(FolderOf(stored) ?? DownloadFolder(stored));
    }

    /// <summary>
    /// Downloads the files of <paramref name="name"/> that are missing from the first data folder or differ from what is published,
    /// and returns the folder that holds them, or null where the data set is generated.
    /// Throws <see cref="DatasetUnavailableException"/>, and then leaves nothing half-written.
    /// </summary>
    public async Task<string?> DownloadAsync(string name, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (KnownDatasets.Generated.ContainsKey(name))
            return null;
        var stored = Stored(name);
        var folder = DownloadFolder(stored);
        try
        {
            await new DatasetDownloader(http ?? SharedHttp.Value).FetchAsync(stored.Wanting(folder), folder, progress, cancellationToken);
            return folder;
        }
        catch (DatasetUnavailableException e)
        {
            throw new DatasetUnavailableException(
                $"{Absent(stored)}. {e.Message.TrimEnd('.')}. Put its files into {folder} by hand, or use one that is here: {string.Join(", ", Here())}.", e);
        }
    }

    private Dataset Read(string nameOrPath)
    {
        if (!Names.Contains(nameOrPath, StringComparer.Ordinal) && DatasetPath.IsPath(nameOrPath))
            return DatasetPath.Load(nameOrPath, Csv);
        DatasetPath.CheckNoCsvOptions(Csv, nameOrPath);
        if (KnownDatasets.Generated.TryGetValue(nameOrPath, out var generate))
            return generate();
        var stored = Stored(nameOrPath);
        return stored.Load(FolderOf(stored) ?? throw new DatasetUnavailableException(
            $"{Absent(stored)}: fetch it with `nsdropout data download {stored.Name}`, or give its place by --data or {FolderVariable}. Looked for {stored.Wanted}.{stored.Incomplete(Folders)}"));
    }

    private static StoredDataset Stored(string name) => KnownDatasets.Stored.FirstOrDefault(stored => stored.Name == name)
        ?? throw new UnknownDatasetException(
            $"The data set must be one of {string.Join(", ", Names)}, or a path, but got '{name}'; the nearest is '{NearestName.Of(name, Names)}'.");

    // What a repository or a project holds serves all of its folders; where the working folder has data of its own, nothing above it counts.
    private static string? FolderAbove()
    {
        if (Directory.Exists(LocalFolder))
            return null;
        var folder = Directory.GetParent(Directory.GetCurrentDirectory());
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, LocalFolder)))
            folder = folder.Parent;
        return folder is null ? null : Path.Combine(folder.FullName, LocalFolder);
    }

    private static HttpClient CreateHttp()
    {
        var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) });
        client.DefaultRequestHeaders.UserAgent.ParseAdd("NsDropoutTorch");
        return client;
    }

    private string DownloadFolder(StoredDataset stored) => stored.FolderIn(Folders[0]) ?? Path.Combine(Folders[0], stored.FolderNames[0]);

    private string? FolderOf(StoredDataset stored) => Folders.Select(stored.FolderIn).FirstOrDefault(folder => folder is not null);

    private IEnumerable<string> Here() => List().Where(location => location.IsAvailable).Select(location => location.Name);

    private string Absent(StoredDataset stored) =>
        $"{stored.Name} must lie complete in a data folder, but is in none of {string.Join(", ", Folders)}";
}

/// <summary>Where a data set of the catalogue is.</summary>
/// <param name="Name">The data set's name.</param>
/// <param name="IsGenerated">Whether it is generated in code and needs no file.</param>
/// <param name="Folder">The folder that holds all its files; null where there is none, or where it is generated.</param>
/// <param name="DownloadBytes">What a download would fetch; 0 where it is generated.</param>
public sealed record DatasetLocation(string Name, bool IsGenerated, string? Folder, long DownloadBytes)
{
    /// <summary>
    /// Paths of its files, in the spelling found, in the order in which they are read: of MNIST and its relatives training images, training labels, test images, test labels.
    /// Empty where there is no folder.
    /// </summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Whether loading it needs no network.</summary>
    public bool IsAvailable => IsGenerated || Folder is not null;
}
