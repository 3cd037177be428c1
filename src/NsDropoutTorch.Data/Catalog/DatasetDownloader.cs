using System.Security.Cryptography;

namespace NsDropoutTorch.Data.Catalog;

/// <summary>
/// Fetches published files. A file arrives under another name, is hashed on the way, and gets its name only once the hash is right;
/// whatever fails before leaves nothing behind.
/// </summary>
internal sealed class DatasetDownloader(HttpClient http)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Fetches <paramref name="files"/> into <paramref name="folder"/>; throws <see cref="DatasetUnavailableException"/> where that fails.</summary>
    public async Task FetchAsync(
        IReadOnlyList<PublishedFile> files, string folder, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        var isNew = !Directory.Exists(folder);
        try
        {
            Directory.CreateDirectory(folder);
            for (var i = 0; i < files.Count; i++)
                await FetchAsync(files[i], folder, new Report(progress, files[i], i, files.Count), cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetUnavailableException($"The data folder must be writable, but {folder} is not: {e.Message}", e);
        }
        finally
        {
            if (isNew && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
                Directory.Delete(folder);
        }
    }

    private async Task FetchAsync(PublishedFile file, string folder, Report report, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        foreach (var url in file.Urls)
        {
            if (await TryFetchAsync(file, url, folder, report, cancellationToken) is not { } failure)
                return;
            failures.Add($"{url}: {failure}");
        }

        throw new DatasetUnavailableException($"{file.Name} could not be downloaded from {string.Join("; ", failures)}");
    }

    /// <summary>Null where it worked, else why not.</summary>
    private async Task<string?> TryFetchAsync(PublishedFile file, Uri url, string folder, Report report, CancellationToken cancellationToken)
    {
        var partial = Path.Combine(folder, $".{file.Name}.{Guid.NewGuid():N}.part");
        try
        {
            string found;
            await using (var target = new FileStream(partial, FileMode.CreateNew))
                found = await ReceiveAsync(file, url, target, report, cancellationToken);
            if (found != file.Sha256)
                return $"the SHA-256 must be {file.Sha256}, but is {found}.";
            File.Move(partial, Path.Combine(folder, file.Name), overwrite: true);
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "no answer in time.";
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private async Task<string> ReceiveAsync(PublishedFile file, Uri url, FileStream target, Report report, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        response.EnsureSuccessStatusCode();
        await using var source = await response.Content.ReadAsStreamAsync(patience.Token);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        var done = 0L;
        int count;
        // One byte too many settles that it is the wrong file; the rest need not come.
        while (done <= file.Bytes && (count = await source.ReadAsync(buffer, patience.Token)) > 0)
        {
            patience.CancelAfter(Patience);
            hash.AppendData(buffer, 0, count);
            await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            report.Received(done += count);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed record Report(IProgress<DownloadProgress>? Progress, PublishedFile File, int FilesDone, int FilesTotal)
    {
        public void Received(long bytes) => Progress?.Report(new DownloadProgress(File.Name, bytes, File.Bytes, FilesDone, FilesTotal));
    }
}

/// <summary>How far a download has come.</summary>
/// <param name="FileName">The file under way.</param>
/// <param name="BytesDone">Bytes received of it.</param>
/// <param name="BytesTotal">Its length; null where neither the catalogue nor the server says it.</param>
/// <param name="FilesDone">Files finished before it.</param>
/// <param name="FilesTotal">Files to fetch.</param>
public sealed record DownloadProgress(string FileName, long BytesDone, long? BytesTotal, int FilesDone, int FilesTotal);
