using NsDropoutTorch.Cli.Sweeps;

namespace NsDropoutTorch.Cli.Slurm;

/// <summary>How far the units of a sweep are.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="State">How far it is.</param>
/// <param name="Log">What its last task printed goes here; null where it had none.</param>
internal sealed record UnitStatus(PlannedUnit Unit, UnitState State, string? Log)
{
    /// <summary>The units of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="jobs">What was handed to Slurm.</param>
    /// <param name="queue">What waits or runs there.</param>
    /// <param name="results">Folder of the results.</param>
    public static IReadOnlyList<UnitStatus> Of(SweepPlan plan, SlurmJobs jobs, IReadOnlyList<QueuedTask> queue, string results)
    {
        var missing = plan.MissingIn(results).Select(unit => unit.Index).ToHashSet();
        var inQueue = queue.Where(entry => entry.Task is not null).ToLookup(entry => (entry.Job, Task: entry.Task!.Value), entry => entry.IsRunning);
        return [.. plan.Units.Select(unit => Of(unit))];

        UnitStatus Of(PlannedUnit unit)
        {
            var array = jobs.ArrayOf(unit.Index);
            var task = array is null ? 0 : (unit.Index / array.Group) - array.Offset;
            var log = array is null ? null : Path.Combine(results, SlurmScripts.LogsName, Invariant($"{array.Job}_{task}.out"));
            var state = !missing.Contains(unit.Index) ? UnitState.Done
                : array is null ? UnitState.Missing
                : inQueue[(array.Job, task)].ToArray() is not { Length: > 0 } entries ? UnitState.Failed
                : entries.Contains(true) ? UnitState.Running : UnitState.Waiting;
            return new(unit, state, log);
        }
    }

    /// <summary>The last line that its task printed; null where there is none.</summary>
    public string? LastWords() => Log is not null && File.Exists(Log) ? File.ReadLines(Log).LastOrDefault(line => !string.IsNullOrWhiteSpace(line)) : null;
}

/// <summary>How far a unit is.</summary>
internal enum UnitState
{
    /// <summary>It has a result.</summary>
    Done,

    /// <summary>Its task runs.</summary>
    Running,

    /// <summary>Its task waits in the queue.</summary>
    Waiting,

    /// <summary>Its task has ended without a result.</summary>
    Failed,

    /// <summary>It was never handed to Slurm.</summary>
    Missing,
}
