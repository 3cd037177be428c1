namespace NsDropoutTorch.Cli.Workers;

/// <summary>How the runs of a comparison are carried out.</summary>
/// <param name="Data">Folder of data sets; null: the usual places.</param>
/// <param name="Jobs">Runs at a time that were asked for; above 1 runs have processes of their own.</param>
/// <param name="Threads">Threads each run computes with.</param>
/// <param name="Quiet">Whether to leave out progress and notes.</param>
internal sealed record RunningOptions(string? Data, int Jobs, int Threads, bool Quiet)
{
    /// <summary>Processes at a time: no more than the cores can serve. It changes no figure, as <see cref="Threads"/> does.</summary>
    public int Processes => Math.Clamp(Environment.ProcessorCount / Threads, 1, Jobs);
}
