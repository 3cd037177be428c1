namespace NsDropoutTorch.Training;

/// <summary>Files that are either there in full or not at all.</summary>
public static class AtomicFile
{
    /// <summary>Writes <paramref name="path"/> by way of a temporary file beside it, flushed to disk and then renamed over it.</summary>
    /// <param name="path">The file; one already there is replaced.</param>
    /// <param name="write">Writes the contents. When it throws, the old file stays as it was and nothing else is left.</param>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
