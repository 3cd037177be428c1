using System.Text;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training.Checkpoints;

namespace NsDropoutTorch.Experiments.Storage;

/// <summary>
/// The record of what the tool made in a folder of results, one line a file: nothing else there is ever removed or replaced. A file is recorded before it is written,
/// so a killed process leaves none unknown. While it is open the folder is its own.
/// </summary>
internal sealed class OwnFiles : IDisposable
{
    /// <summary>Name of the record within the folder.</summary>
    public const string FileName = ".nsdropout-files";

    private const string Heading = "Files that nsdropout made in this folder (+) or removed (-); it touches no other.\n";
    private const char Made = '+';
    private const char Removed = '-';

    private readonly string folder;
    private readonly FolderLock folderLock;
    private readonly FileStream record;
    private readonly SortedSet<string> names = new(StringComparer.Ordinal);

    private OwnFiles(string folder, FolderLock folderLock, FileStream record)
    {
        this.folder = folder;
        this.folderLock = folderLock;
        this.record = record;
    }

    /// <summary>Opens the record, forgets what is gone and removes what killed processes were just writing.</summary>
    /// <param name="folder">A folder that exists.</param>
    /// <exception cref="DataFormatException">Its record is no record.</exception>
    /// <exception cref="UserErrorException">Another comparison has the folder.</exception>
    public static OwnFiles Open(string folder)
    {
        var claim = FolderLock.Take(folder, TimeProvider.System, static (place, holder) => new UserErrorException(
            $"A comparison must have its folder for itself, but '{place}' is in use by {holder}; wait for its end, or choose another folder."));
        FileStream? stream = null;
        OwnFiles files;
        try
        {
            stream = new(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1);
            files = new(folder, claim, stream);
            files.Load();
        }
        catch
        {
            stream?.Dispose();
            claim.Dispose();
            throw;
        }

        files.DeleteLeftovers();
        files.ForgetAbsent();
        return files;
    }

    /// <summary>The files of a folder within this one, as <c>folder/name</c>.</summary>
    /// <param name="within">Name of the folder.</param>
    public IReadOnlyList<string> In(string within) => [.. names.Where(name => name.StartsWith(within + "/", StringComparison.Ordinal))];

    /// <summary>Records a file that is about to be written.</summary>
    /// <param name="name">Its name, or <c>folder/name</c>.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="DataFormatException">Somebody else's file has the place.</exception>
    public string Claim(string name)
    {
        var path = PathOf(name);
        if (names.Contains(name))
        {
            return path;
        }

        CheckFree(name);
        Write(Made, name);
        names.Add(name);
        return path;
    }

    /// <summary>Records files that other processes of this program have written.</summary>
    /// <param name="written">Their names; those that are not there are left out.</param>
    public void Adopt(IEnumerable<string> written)
    {
        string[] adopted = [.. written.Where(name => !names.Contains(name) && File.Exists(PathOf(name)))];
        Write(Made, adopted);
        names.UnionWith(adopted);
    }

    /// <summary>Checks that a file may be written later, by whomever.</summary>
    /// <param name="name">Its name, or <c>folder/name</c>.</param>
    /// <exception cref="DataFormatException">Somebody else's file has the place.</exception>
    public void CheckFree(string name)
    {
        if (!names.Contains(name) && Path.Exists(PathOf(name)))
        {
            throw NotOwn(PathOf(name));
        }
    }

    /// <summary>The path of a file.</summary>
    /// <param name="name">Its name, as it is recorded.</param>
    public string PathOf(string name) => Path.Combine([folder, .. name.Split('/')]);

    /// <summary>Removes the recorded files of a folder within this one.</summary>
    /// <param name="within">Name of the folder.</param>
    public void DeleteIn(string within)
    {
        foreach (var name in In(within))
        {
            var path = PathOf(name);
            ResultFile.Write(path, () => File.Delete(path));
            Forget(name);
        }
    }

    /// <summary>Gives the folder to others; where nothing was made, no record is left.</summary>
    public void Dispose()
    {
        ForgetAbsent();
        record.Dispose();
        if (names.Count == 0)
        {
            File.Delete(PathOf(FileName));
        }

        folderLock.Dispose();
    }

    // A last line without its end is of a file that was not begun.
    private void Load()
    {
        using var reader = new StreamReader(record, Encoding.UTF8, leaveOpen: true);
        var text = reader.ReadToEnd();
        if (!text.StartsWith(Heading, StringComparison.Ordinal) && !Heading.StartsWith(text, StringComparison.Ordinal))
        {
            throw new DataFormatException($"'{PathOf(FileName)}' must be the record of what nsdropout made in its folder, but it is some other file; choose another folder.");
        }

        var whole = text[..(text.LastIndexOf('\n') + 1)];
        foreach (var line in whole.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            _ = line[0] == Made ? names.Add(line[2..]) : names.Remove(line[2..]);
        }

        record.SetLength(Encoding.UTF8.GetByteCount(whole));
        record.Position = record.Length;
    }

    private void DeleteLeftovers() => AtomicFile.DeleteLeftovers([.. names.Select(PathOf)]);

    private void ForgetAbsent()
    {
        Forget([.. names.Where(name => !File.Exists(PathOf(name)))]);
    }

    private void Forget(params string[] gone)
    {
        Write(Removed, gone);
        names.ExceptWith(gone);
    }

    private static DataFormatException NotOwn(string path) => new(
        $"A comparison must write over no file but its own, but '{path}' is there and was not made by a comparison in this folder; move it away, or choose another folder.");

    private void Write(char what, params string[] files)
    {
        if (files.Length == 0)
        {
            return;
        }

        var text = $"{(record.Length == 0 ? Heading : "")}{string.Concat(files.Select(name => $"{what} {name}\n"))}";
        ResultFile.Write(record.Name, () =>
        {
            record.Write(Encoding.UTF8.GetBytes(text));
            record.Flush(flushToDisk: true);
        });
    }
}
