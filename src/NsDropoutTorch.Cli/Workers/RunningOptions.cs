namespace NsDropoutTorch.Cli.Workers;

/// <summary>How the runs of a comparison are carried out.</summary>
/// <param name="Data">Folder of data sets; null: the usual places.</param>
/// <param name="Jobs">Runs at a time that were asked for; above 1 runs have processes of their own.</param>
/// <param name="Threads">Threads each run computes with. Figures depend on it.</param>
/// <param name="Processes">Processes at a time: no more than the cores can serve. No figure depends on it.</param>
/// <param name="Quiet">Whether to leave out progress and notes.</param>
internal sealed record RunningOptions(string? Data, int Jobs, int Threads, int Processes, bool Quiet)
{
    /// <summary>What the options come to where this process may use a number of cores.</summary>
    /// <param name="cores">Cores that this process may use.</param>
    /// <param name="data">Folder of data sets; null: the usual places.</param>
    /// <param name="jobs">Runs at a time; null: as many as the cores serve. These have one thread each, on every machine, so that their figures do not depend on its cores.</param>
    /// <param name="threads">Threads each run computes with; null: the cores divided by the jobs.</param>
    /// <param name="quiet">Whether to leave out progress and notes.</param>
    public static RunningOptions On(int cores, string? data, int? jobs, int? threads, bool quiet)
    {
        var asked = jobs ?? cores;
        var used = threads ?? (jobs is null ? 1 : Math.Max(1, cores / asked));
        return new(data, asked, used, Math.Clamp(cores / used, 1, asked), quiet);
    }
}
