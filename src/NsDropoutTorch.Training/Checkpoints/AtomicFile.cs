using System.Text.RegularExpressions;

namespace NsDropoutTorch.Training.Checkpoints;

/// <summary>Files that are either there in full or not at all, whenever the process or the machine stops.</summary>
public static partial class AtomicFile
{
    /// <summary>
    /// Writes <paramref name="path"/> by way of a temporary file beside it, flushed to disk and then renamed over it.
    /// A process killed in between leaves the temporary file; <see cref="DeleteLeftovers"/> removes it.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="write">Writes the contents into a stream that can also be read and sought. When it throws, the old file stays as it was and nothing else is left.</param>
    /// <param name="keepOldAs">Where the file already there is kept when the new one takes its place; null: nowhere. If that fails, the old file keeps its place.</param>
    public static void Write(string path, Action<Stream> write, string? keepOldAs = null)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            PutInPlace(temporary, path, keepOldAs);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Deletes the temporary files that killed processes left beside files.</summary>
    /// <param name="paths">The files they were to become; nobody may be writing one.</param>
    public static void DeleteLeftovers(params IReadOnlyCollection<string> paths)
    {
        foreach (var folder in paths.Select(Path.GetFullPath).GroupBy(path => Path.GetDirectoryName(path)!, StringComparer.Ordinal).Where(folder => Directory.Exists(folder.Key)))
        {
            var names = folder.Select(path => Path.GetFileName(path)).ToHashSet(StringComparer.Ordinal);
            foreach (var leftover in Directory.GetFiles(folder.Key, "*.tmp").Where(file => IsLeftover(Path.GetFileName(file), names)))
            {
                File.Delete(leftover);
            }
        }
    }

    private static bool IsLeftover(string name, HashSet<string> of) => TemporaryEnd().Match(name) is { Success: true } end && of.Contains(name[..end.Index]);

    // Only this class makes files with such names.
    [GeneratedRegex(@"\.[0-9a-f]{32}\.tmp\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TemporaryEnd();

    // .NET cannot flush a folder: a power cut may undo the renames, and the older files are then still there.
    private static void PutInPlace(string temporary, string path, string? keepOldAs)
    {
        if (keepOldAs is not null && File.Exists(path))
        {
            // The old file gets its second name before it loses the first, so at no moment has it none.
            File.Replace(temporary, path, keepOldAs, ignoreMetadataErrors: true);
        }
        else
        {
            File.Move(temporary, path, overwrite: true);
        }
    }
}
