namespace NsDropoutTorch.Training.Data;

/// <summary>How far a download has come.</summary>
/// <param name="FileName">The file under way.</param>
/// <param name="BytesDone">Bytes received of it.</param>
/// <param name="BytesTotal">Its length; null where neither the catalogue nor the server says it.</param>
/// <param name="FilesDone">Files finished before it.</param>
/// <param name="FilesTotal">Files to fetch.</param>
public sealed record DownloadProgress(string FileName, long BytesDone, long? BytesTotal, int FilesDone, int FilesTotal);
