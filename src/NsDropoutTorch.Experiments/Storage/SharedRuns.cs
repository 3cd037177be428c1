using System.Text.Json;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training.Checkpoints;

namespace NsDropoutTorch.Experiments.Storage;

/// <summary>
/// The finished runs of a folder that several machines write at a time. Nothing is locked and nothing recorded: a run is a file that is renamed into its place in full, and what
/// was finished first stays. The files are those of <see cref="RunStore"/>; <see cref="OutputFolder.Adopt"/> makes them the folder's own.
/// </summary>
/// <param name="results">Folder of the results.</param>
public sealed class SharedRuns(string results)
{
    private const int Attempts = 5;

    /// <summary>The folder for trained networks.</summary>
    public string Models { get; } = Path.Combine(results, ModelRecipe.FolderName);

    /// <summary>Whether a run is finished.</summary>
    /// <param name="run">The run.</param>
    public bool Has(ComparisonRun run) => File.Exists(PathOf(run));

    /// <summary>Makes the folders of runs and networks.</summary>
    /// <exception cref="UserErrorException">The file system refuses.</exception>
    public void Prepare()
    {
        foreach (var folder in new[] { Path.Combine(results, RunStore.FolderName), Models })
        {
            ResultFile.Write(folder, () => Directory.CreateDirectory(folder));
        }
    }

    /// <summary>Keeps a finished run, unless another process has kept it before.</summary>
    /// <param name="run">The run.</param>
    /// <param name="fingerprint">What else decided it.</param>
    /// <param name="result">What it measured.</param>
    /// <exception cref="UserErrorException">The file system refuses.</exception>
    public void Save(ComparisonRun run, RunFingerprint fingerprint, RunResult result)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new RunFile(RunJson.CurrentSchema, fingerprint.ToJson(), result), RunJson.Indented);
        for (var attempt = 1; !Has(run); attempt++)
        {
            try
            {
                ResultFile.Write(PathOf(run), () => AtomicFile.Write(PathOf(run), stream => stream.Write(bytes)));
            }
            catch (UserErrorException e) when (e.InnerException is FileNotFoundException && attempt < Attempts)
            {
                // Somebody who thought that no run was being carried out has cleaned up: write again.
            }
        }
    }

    /// <summary>The runs that are finished and all made alike.</summary>
    /// <param name="planned">What they must agree with.</param>
    /// <param name="runs">The runs of the comparison.</param>
    /// <returns>The results by run, and what decided them; null where none is finished.</returns>
    /// <exception cref="UserErrorException">One was made otherwise than planned, or on another kind of machine than the rest; the message names files.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public (IReadOnlyDictionary<ComparisonRun, RunResult> Finished, RunFingerprint? Fingerprint) Read(RunFingerprint planned, IReadOnlyList<ComparisonRun> runs)
    {
        var files = runs.Where(Has).Select(run => (Run: run, Path: PathOf(run), File: RunStore.Parse(PathOf(run)))).ToArray();
        var fingerprints = Array.ConvertAll(files, file => RunFingerprint.Parse(file.File.Fingerprint));
        foreach (var (file, fingerprint) in files.Zip(fingerprints))
        {
            if (planned.ContradictionOf(fingerprint) is { } difference)
            {
                throw new UserErrorException(
                    $"All runs of one folder must be made as planned, but '{file.Path}' was made with {difference.Name} = {difference.There}, and the plan says {difference.Here}; "
                    + "delete it, choose another folder, or discard the runs there with --force.");
            }
        }

        CheckAlike([.. files.Select(file => file.Path)], fingerprints);
        return (files.ToDictionary(file => file.Run, file => file.File.Run), fingerprints.FirstOrDefault());
    }

    private static void CheckAlike(string[] paths, RunFingerprint[] fingerprints)
    {
        var kinds = fingerprints.Zip(paths).GroupBy(pair => pair.First.Digest, StringComparer.Ordinal).OrderByDescending(kind => kind.Count()).ToArray();
        if (kinds.Length < 2)
        {
            return;
        }

        var (most, least) = (kinds[0], kinds[^1]);
        var (name, here, there) = most.First().First.DifferenceFrom(least.First().First)!.Value;
        throw new UserErrorException(
            Invariant($"All runs of one comparison must be made on one kind of machine, but {most.Count()} were made with {name} = {here} and {least.Count()} with {there}, '{least.First().Second}' for one; ")
            + "delete those, keep to one kind of node (--slurm-arg=--constraint=… where nodes have features), and give the command again.");
    }

    private string PathOf(ComparisonRun run) => Path.Combine(results, RunStore.FolderName, RunStore.FileNameOf(run.Layer.ToString(), run.Seed));
}
