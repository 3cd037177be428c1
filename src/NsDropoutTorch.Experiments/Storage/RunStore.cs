using System.Text.Json;
using System.Text.Json.Nodes;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training.Checkpoints;

namespace NsDropoutTorch.Experiments.Storage;

/// <summary>
/// The finished runs of a comparison, one file each, written in full or not at all: whatever ends the process, a later one goes on from here.
/// One process at a time has the folder.
/// </summary>
public sealed class RunStore : IDisposable
{
    /// <summary>Name of the folder within that of the results.</summary>
    public const string FolderName = "runs";

    private readonly string folder;
    private readonly bool created;
    private readonly RunFingerprint fingerprint;
    private readonly Dictionary<(string Layer, long Seed), RunResult> finished = [];

    private RunStore(string folder, bool created, RunFingerprint fingerprint, OwnFiles files)
    {
        this.folder = folder;
        this.created = created;
        this.fingerprint = fingerprint;
        Files = files;
    }

    /// <summary>Number of runs kept.</summary>
    public int Count => finished.Count;

    /// <summary>What was made in the folder of the results.</summary>
    internal OwnFiles Files { get; }

    /// <summary>Opens the runs kept in <paramref name="results"/>, a folder that exists.</summary>
    /// <param name="results">Folder of the results.</param>
    /// <param name="fingerprint">What the runs must agree in.</param>
    /// <param name="discard">Whether to throw away the runs kept there, and no other file.</param>
    /// <exception cref="UserErrorException">A run there was made with other settings.</exception>
    /// <exception cref="DataFormatException">A run kept there is damaged.</exception>
    /// <exception cref="UserErrorException">Another process has the folder, or it cannot be read or written.</exception>
    public static RunStore Open(string results, RunFingerprint fingerprint, bool discard = false)
    {
        var path = Path.Combine(results, FolderName);
        var isNew = !Directory.Exists(path);
        var store = new RunStore(path, isNew, fingerprint, OpenFiles(results));
        try
        {
            ResultFile.Write(path, () => Directory.CreateDirectory(path));
            store.Load(discard);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>The name of a run's file; different runs have different names, and any layer's name gives one that every system takes.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <param name="seed">The seed.</param>
    public static string FileNameOf(string layer, long seed) => ComparisonRun.FileStemOf(layer, seed) + ".json";

    /// <summary>What came of a run; null when it is not finished.</summary>
    /// <param name="run">The run.</param>
    public RunResult? Find(ComparisonRun run) => finished.GetValueOrDefault((run.Layer.ToString(), run.Seed));

    /// <summary>Keeps a finished run.</summary>
    /// <param name="run">The run.</param>
    public void Save(RunResult run)
    {
        var file = new RunFile(RunJson.CurrentSchema, fingerprint.ToJson(), run);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(file, RunJson.Indented);
        var path = Claim(run.Layer, run.Seed);
        ResultFile.Write(path, () => AtomicFile.Write(path, stream => stream.Write(bytes)));
        finished[(run.Layer, run.Seed)] = run;
    }

    /// <summary>Gives the folder to others; where no run was kept, none is left.</summary>
    public void Dispose()
    {
        Files.Dispose();
        if (created && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    /// <summary>Records the file of a run that is to be kept.</summary>
    /// <param name="run">The run.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="DataFormatException">Somebody else's file has the place.</exception>
    internal string Claim(ComparisonRun run) => Claim(run.Layer.ToString(), run.Seed);

    private string Claim(string layer, long seed) => Files.Claim($"{FolderName}/{FileNameOf(layer, seed)}");

    private static OwnFiles OpenFiles(string results)
    {
        try
        {
            return OwnFiles.Open(results);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UserErrorException($"A folder of results must be writable, but '{results}' is not ({e.Message.TrimEnd('.')}); choose another folder.", e);
        }
        catch (IOException e)
        {
            throw new UserErrorException($"A folder of results must be writable, but '{results}' is not ({e.Message.TrimEnd('.')}); make room, or choose another folder.", e);
        }
    }

    private void Load(bool discard)
    {
        if (discard)
        {
            Files.DeleteIn(FolderName);
        }

        foreach (var name in Files.In(FolderName))
        {
            var run = Read(Files.PathOf(name));
            finished[(run.Layer, run.Seed)] = run;
        }
    }

    private RunResult Read(string path)
    {
        var file = Parse(path);
        if (RunFingerprint.Parse(file.Fingerprint).DifferenceFrom(fingerprint) is { } difference)
        {
            throw new UserErrorException(
                $"All runs of one folder must be made with the same settings, but '{path}' was made with {difference.Name} = {difference.Here}, and this asks for "
                + $"{difference.There}; choose another folder, or discard the runs there with --force.");
        }

        return file.Run;
    }

    /// <summary>The run in a file.</summary>
    /// <exception cref="DataFormatException">It is damaged.</exception>
    internal static RunFile Parse(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RunFile>(File.ReadAllBytes(path), RunJson.Indented) is { Schema: RunJson.CurrentSchema } file
                ? file
                : throw NoRun(path, $"it is not of schema {RunJson.CurrentSchema}");
        }
        catch (JsonException e)
        {
            throw NoRun(path, e.Message.TrimEnd('.'), e);
        }
    }

    private static DataFormatException NoRun(string path, string reason, Exception? inner = null) =>
        new($"Every file that is kept as a run must hold a finished run, but '{path}' does not ({reason}); delete it, or discard all runs with --force.", inner!);
}

/// <summary>A finished run as it is kept: one file of <c>runs/</c>.</summary>
/// <param name="Schema">Version of the run's structure, as in <c>results.json</c>.</param>
/// <param name="Fingerprint">What else decided the run.</param>
/// <param name="Run">What it measured.</param>
internal sealed record RunFile(int Schema, JsonObject Fingerprint, RunResult Run);
