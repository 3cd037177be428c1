using NsDropoutTorch.Data.Catalog;

namespace NsDropoutTorch.Data.Tests;

/// <summary>The data sets of the repository, which are always there, and the data folder that the environment names, if any.</summary>
internal static class RealData
{
    /// <summary>Holds optdigits and iris.</summary>
    public static string BroughtFolder { get; } = Path.Combine(AppContext.BaseDirectory, "data");

    public static string? Folder => Environment.GetEnvironmentVariable(DatasetCatalog.FolderVariable) is { Length: > 0 } folder ? folder : null;

    public static DatasetCatalog Catalog(string folder) => new([folder]);

    public static ImageDataset LoadImages(string name) => (ImageDataset)Catalog(Folder!).Load(name);
}
