using System.Text;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Report;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training.Checkpoints;

namespace NsDropoutTorch.Experiments.Storage;

/// <summary>
/// A folder for results that is known to be writable before hours of training go by. What it created and did not fill, it takes away again.
/// </summary>
public sealed class OutputFolder : IDisposable
{
    private readonly string path;
    private readonly string? created;
    private RunStore? store;
    private bool createdModels;

    private OutputFolder(string path, string? created)
    {
        this.path = path;
        this.created = created;
    }

    private string Models => Path.Combine(path, ModelRecipe.FolderName);

    /// <exception cref="UserErrorException">No file can be written there.</exception>
    public static OutputFolder Claim(string path)
    {
        var full = Path.GetFullPath(path);
        var folder = new OutputFolder(full, FirstMissing(full));
        try
        {
            Directory.CreateDirectory(full);
            var probe = Path.Combine(full, $".{Guid.NewGuid():N}.tmp");
            File.Create(probe, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            folder.Dispose();
            throw new UserErrorException($"--out must be a folder that can be written, but '{path}' cannot ({e.Message.TrimEnd('.')}); choose another.", e);
        }
    }

    /// <summary>A folder within it for one of several results; itself where <paramref name="name"/> is empty.</summary>
    public OutputFolder Within(string name) => Claim(Path.Combine(path, name));

    /// <summary>The finished runs in it; those discarded take their networks with them, and nothing that this program did not make.</summary>
    /// <exception cref="DataFormatException">A file of somebody else has the place of one that is to be written.</exception>
    public RunStore OpenRuns(RunFingerprint fingerprint, bool discard)
    {
        store = RunStore.Open(path, fingerprint, discard);
        try
        {
            store.Files.Claim(ResultsJson.FileName);
            store.Files.Claim(HtmlReport.FileName);
            if (discard)
            {
                store.Files.DeleteIn(ModelRecipe.FolderName);
            }

            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>The folder for trained networks, with a place for the file of each run and of its network.</summary>
    /// <exception cref="DataFormatException">A file of somebody else has such a place.</exception>
    public string PrepareModels(IEnumerable<ComparisonRun> runs)
    {
        createdModels = !Directory.Exists(Models);
        ResultFile.Write(Models, () => Directory.CreateDirectory(Models));
        foreach (var run in runs)
        {
            store!.Claim(run);
            store.Files.Claim($"{ModelRecipe.FolderName}/{run.FileStem}{ModelRecipe.Extension}");
        }

        return Models;
    }

    /// <summary>Where it is.</summary>
    public string FullPath => path;

    /// <summary>Makes files its own that other processes of this program have written there, as a plan that is its own said.</summary>
    /// <param name="runs">The runs planned.</param>
    /// <param name="clean">Whether to remove what killed processes were just writing; no run may be under way then.</param>
    public void Adopt(IReadOnlyList<ComparisonRun> runs, bool clean)
    {
        using var files = OwnFiles.Open(path);
        string[] names = [.. runs.SelectMany(FilesOf)];
        files.Adopt(names);
        if (clean)
        {
            AtomicFile.DeleteLeftovers([.. names.Select(files.PathOf)]);
        }
    }

    /// <summary>Checks that other processes may write the files of runs there, and discards those there where that is asked for.</summary>
    /// <param name="runs">The runs planned.</param>
    /// <param name="discard">Whether to throw away runs and networks that are there, and no other file.</param>
    /// <exception cref="DataFormatException">A file of somebody else has the place of one that is to be written.</exception>
    public void Reserve(IReadOnlyList<ComparisonRun> runs, bool discard)
    {
        using var files = OwnFiles.Open(path);
        if (discard)
        {
            files.DeleteIn(RunStore.FolderName);
            files.DeleteIn(ModelRecipe.FolderName);
        }

        foreach (var name in runs.SelectMany(FilesOf).Concat([ResultsJson.FileName, HtmlReport.FileName]))
        {
            files.CheckFree(name);
        }
    }

    /// <summary>Writes a small file of the tool's own, in full or not at all.</summary>
    /// <param name="name">Its name, or <c>folder/name</c>.</param>
    /// <param name="text">What is in it.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="DataFormatException">Somebody else's file has the place.</exception>
    public string Write(string name, string text)
    {
        using var files = OwnFiles.Open(path);
        var file = files.Claim(name);
        ResultFile.Write(file, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        });
        return file;
    }

    /// <summary>Writes the results of runs that were adopted, then the report, and returns the path of the results.</summary>
    /// <param name="results">The results.</param>
    /// <exception cref="DataFormatException">A file of somebody else has the place.</exception>
    public string WriteGathered(ComparisonResults results)
    {
        using var files = OwnFiles.Open(path);
        files.Claim(ResultsJson.FileName);
        files.Claim(HtmlReport.FileName);
        return Write(results);
    }

    private static string[] FilesOf(ComparisonRun run) =>
        [$"{RunStore.FolderName}/{RunStore.FileNameOf(run.Layer.ToString(), run.Seed)}", $"{ModelRecipe.FolderName}/{run.FileStem}{ModelRecipe.Extension}"];

    /// <summary>Writes the results, then the report, and returns the path of the results.</summary>
    public string Write(ComparisonResults results)
    {
        var file = ResultsJson.Write(path, results);
        HtmlReport.Write(path, results);
        return file;
    }

    /// <summary>Takes away the folders that it made and did not fill.</summary>
    public void Dispose()
    {
        if (createdModels && !Directory.EnumerateFileSystemEntries(Models).Any())
        {
            Directory.Delete(Models);
        }

        for (var folder = path; created is not null && folder.Length >= created.Length; folder = Path.GetDirectoryName(folder)!)
        {
            if (!Directory.Exists(folder))
            {
                continue;
            }

            if (Directory.EnumerateFileSystemEntries(folder).Any())
            {
                return;
            }

            Directory.Delete(folder);
        }
    }

    /// <summary>The outermost folder on the way to <paramref name="path"/> that is not there yet; null when all are.</summary>
    private static string? FirstMissing(string path)
    {
        string? missing = null;
        for (var folder = path; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            missing = folder;
        }

        return missing;
    }
}
