using System.Text.Json;
using System.Text.Json.Nodes;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Storage;

namespace NsDropoutTorch.Cli.Sweeps;

/// <summary>
/// <c>plan.json</c>: everything that a process on another machine needs to carry out one run of a sweep, by its index. It holds threads and device, as figures depend on them.
/// </summary>
/// <param name="Schema">Version of the structure.</param>
/// <param name="Planned">When it was made.</param>
/// <param name="Device">The device, <c>cpu</c> or <c>cuda</c>.</param>
/// <param name="Threads">Threads each run computes with.</param>
/// <param name="Data">Folder of data sets; null: the usual places.</param>
/// <param name="Experiments">The comparisons.</param>
/// <param name="Units">The runs, by index.</param>
internal sealed record SweepPlan(
    int Schema, DateTimeOffset Planned, string Device, int Threads, string? Data, IReadOnlyList<PlannedExperiment> Experiments, IReadOnlyList<PlannedUnit> Units)
{
    /// <summary>Name of the folder of a sweep within that of the results.</summary>
    public const string FolderName = "sweep";

    /// <summary>Its name within the folder of the results.</summary>
    public const string FileName = $"{FolderName}/plan.json";

    /// <summary>Name of the folder of unfinished runs.</summary>
    public const string CheckpointsName = "checkpoints";

    /// <summary>The plan of a sweep.</summary>
    /// <param name="sweep">What to do.</param>
    /// <param name="device">The device, <c>cpu</c> or <c>cuda</c>.</param>
    /// <param name="host">The clock, and where notes go.</param>
    public static SweepPlan Of(Sweep sweep, string device, CliHost host)
    {
        PlannedExperiment[] experiments = [.. sweep.Experiments.Select(experiment => PlannedExperiment.Of(experiment, sweep, device, host))];
        var units = experiments.Index().SelectMany(experiment => ComparisonRun.Of(experiment.Item.Settings), (experiment, run) => (experiment.Index, Run: run));
        return new(
            RunJson.CurrentSchema, host.Clock.GetUtcNow(), device, sweep.Threads, sweep.Data is null ? null : Path.GetFullPath(sweep.Data), experiments,
            [.. units.Select((unit, index) => new PlannedUnit(index, unit.Index, unit.Run.Layer, unit.Run.Seed))]);
    }

    /// <summary>The plan in a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="UsageException">There is none, or it is no plan.</exception>
    public static SweepPlan Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<SweepPlan>(File.ReadAllBytes(path), RunJson.Indented) is { Schema: RunJson.CurrentSchema } plan
                ? plan
                : throw new UsageException(Invariant($"A plan must be of schema {RunJson.CurrentSchema}, but '{path}' is not; the version of nsdropout that wrote it reads it."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw new UsageException($"A plan must be there as compare --engine slurm writes it, but '{path}' is not one ({e.Message.TrimEnd('.')}).", e);
        }
    }

    /// <summary>The plan in a folder of results; null where there is none.</summary>
    /// <param name="results">The folder.</param>
    public static SweepPlan? Find(string results)
    {
        var path = Path.Combine(results, FileName);
        return File.Exists(path) ? Read(path) : null;
    }

    /// <summary>The document as text.</summary>
    public string Format() => JsonSerializer.Serialize(this, RunJson.Indented) + "\n";

    /// <summary>Whether indices mean the same in both.</summary>
    /// <param name="other">Another plan.</param>
    public bool IsSame(SweepPlan other) => (this with { Planned = other.Planned }).Format() == other.Format();

    /// <summary>The runs of an experiment, in the order of the comparison.</summary>
    /// <param name="experiment">Its number, from 0.</param>
    public IReadOnlyList<ComparisonRun> RunsOf(int experiment) => ComparisonRun.Of(Experiments[experiment].Settings);

    /// <summary>The run of a unit.</summary>
    /// <param name="unit">The unit.</param>
    public ComparisonRun RunOf(PlannedUnit unit) => new(unit.Layer, unit.Seed, unit.Index + 1, Units.Count);

    /// <summary>A unit as users know it.</summary>
    /// <param name="unit">The unit.</param>
    public string NameOf(PlannedUnit unit)
    {
        var experiment = Experiments[unit.Experiment].Name;
        return Invariant($"{(experiment.Length == 0 ? "" : $"{experiment}: ")}{unit.Layer}, seed {unit.Seed}");
    }

    /// <summary>Units without a result.</summary>
    /// <param name="results">Folder of the results.</param>
    public IReadOnlyList<PlannedUnit> MissingIn(string results)
    {
        SharedRuns[] runs = [.. Experiments.Select(experiment => new SharedRuns(Path.Combine(results, experiment.Name)))];
        return [.. Units.Where(unit => !runs[unit.Experiment].Has(RunOf(unit)))];
    }
}

/// <summary>A comparison of a plan.</summary>
/// <param name="Name">Name of its folder; empty for one that is alone.</param>
/// <param name="Dataset">Name or full path of the data set.</param>
/// <param name="Settings">What is compared and how.</param>
/// <param name="Fingerprint">What its runs must agree in, as far as it is known before a machine is chosen.</param>
/// <param name="Published">What a source says of it; null: nothing.</param>
internal sealed record PlannedExperiment(string Name, string Dataset, ComparisonSettings Settings, JsonObject Fingerprint, PublishedResults? Published)
{
    internal static PlannedExperiment Of(Experiment experiment, Sweep sweep, string device, CliHost host)
    {
        var (dataset, settings) = experiment.Load(sweep, host);
        settings = settings with { DatasetPath = settings.DatasetPath is { } path ? Path.GetFullPath(path) : null };
        return new(experiment.Name, settings.DatasetPath ?? settings.Dataset, settings, RunFingerprint.Planned(settings, dataset, device, sweep.Threads).ToJson(), experiment.Published);
    }
}

/// <summary>A run of a plan.</summary>
/// <param name="Index">Its index, from 0.</param>
/// <param name="Experiment">Number of its comparison, from 0.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Seed">The seed.</param>
internal sealed record PlannedUnit(int Index, int Experiment, LayerSpecification Layer, long Seed);
