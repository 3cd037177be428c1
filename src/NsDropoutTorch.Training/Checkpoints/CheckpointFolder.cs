namespace NsDropoutTorch.Training.Checkpoints;

/// <summary>The checkpoints of one run: the last, the one before it in case the last is damaged, and the best.</summary>
internal sealed class CheckpointFolder(string path)
{
    public string Last { get; } = Path.Combine(path, "last.ckpt");

    public string Previous { get; } = Path.Combine(path, "previous.ckpt");

    public string Best { get; } = Path.Combine(path, "best.ckpt");

    /// <summary>Whether a run could go on from here.</summary>
    public bool IsUsed => File.Exists(Last) || File.Exists(Previous);

    /// <summary>
    /// The file that <paramref name="resumeFrom"/> means: itself, or the newest undamaged checkpoint in the folder of that name; null when that holds none yet.
    /// </summary>
    /// <exception cref="CheckpointException">There are checkpoints, and all are damaged.</exception>
    public static (string Path, string? Refused)? Find(string resumeFrom) =>
        File.Exists(resumeFrom) || Path.GetExtension(resumeFrom) == ".ckpt" ? (resumeFrom, null) : new CheckpointFolder(resumeFrom).Newest();

    public bool Holds(string? file) => file is not null && Path.GetDirectoryName(Path.GetFullPath(file)) == Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar);

    /// <summary>Removes what a process killed while writing has left.</summary>
    public void CleanUp()
    {
        AtomicFile.DeleteLeftovers(Last);
        AtomicFile.DeleteLeftovers(Best);
    }

    private (string Path, string? Refused)? Newest()
    {
        var refused = new List<string>();
        foreach (var file in new[] { Last, Previous }.Where(File.Exists))
        {
            if (CheckpointFile.FaultOf(file) is not { } fault)
            {
                return (file, refused.Count == 0 ? null : refused[0]);
            }

            refused.Add(fault);
        }

        return refused.Count == 0 ? null : throw new CheckpointException(
            $"{string.Join(" And ", refused)} No other checkpoint is in '{path}'; delete these to begin anew.");
    }
}
