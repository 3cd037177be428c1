namespace NsDropoutTorch.Cli.Slurm;

/// <summary>What <c>--engine slurm</c> was asked for.</summary>
/// <param name="Time">Time limit of a task, as Slurm writes it; null: that of the partition.</param>
/// <param name="Parallel">Tasks at a time; null: as many as the cluster gives.</param>
/// <param name="Group">Runs that a task carries out one after the other.</param>
/// <param name="Requeues">How often a task that was stopped is queued again.</param>
/// <param name="Grace">Seconds before the time limit at which a task is told to save.</param>
/// <param name="Arguments">More options of sbatch.</param>
/// <param name="Command">How nodes start this program; null: as it was started here.</param>
/// <param name="DryRun">Whether to write plan and scripts and call nothing.</param>
/// <param name="Wait">Whether to wait for the results.</param>
internal sealed record SlurmOptions(string? Time, int? Parallel, int Group, int Requeues, int Grace, IReadOnlyList<string> Arguments, string? Command, bool DryRun, bool Wait);
