namespace NsDropoutTorch.Training.Data;

/// <summary>Where a data set of the catalogue is.</summary>
/// <param name="Name">The data set's name.</param>
/// <param name="IsGenerated">Whether it is generated in code and needs no file.</param>
/// <param name="Folder">The folder that holds all its files; null where there is none, or where it is generated.</param>
/// <param name="DownloadBytes">What a download would fetch; 0 where it is generated.</param>
public sealed record DatasetLocation(string Name, bool IsGenerated, string? Folder, long DownloadBytes)
{
    /// <summary>Whether loading it needs no network.</summary>
    public bool IsAvailable => IsGenerated || Folder is not null;
}
