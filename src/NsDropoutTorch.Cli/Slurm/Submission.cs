using NsDropoutTorch.Cli.Hosting;

namespace NsDropoutTorch.Cli.Slurm;

/// <summary>Hands tasks to Slurm in arrays that it takes: cut where their numbers would be too large, smaller where a user may not submit as many, and later where none is taken at the moment.</summary>
/// <param name="script">The script of the array.</param>
/// <param name="options">What was asked for.</param>
/// <param name="submitted">Told of each array that was taken.</param>
/// <param name="wait">Waits before the next attempt where nothing is taken.</param>
internal sealed class Submission(string script, SlurmOptions options, Action<SubmittedArray> submitted, Action wait)
{
    private long? previous;

    /// <summary>Hands over all tasks.</summary>
    /// <param name="tasks">The tasks, ascending.</param>
    /// <param name="maxArraySize">Numbers of array tasks are below this.</param>
    /// <exception cref="FailureException">Slurm refuses for another reason than their number.</exception>
    public void Run(IReadOnlyList<int> tasks, int maxArraySize)
    {
        foreach (var part in Parts(tasks, maxArraySize))
        {
            var left = part.Tasks;
            var size = left.Count;
            while (left.Count > 0)
            {
                size = Math.Min(size, left.Count);
                int[] now = [.. left.Take(size)];
                if (TrySubmit(part.Offset, now))
                {
                    left = [.. left.Skip(size)];
                }
                else if (size > 1)
                {
                    size = (size + 1) / 2;
                }
                else
                {
                    wait();
                    size = left.Count;
                }
            }
        }
    }

    /// <summary>The arrays in which tasks have numbers below a limit.</summary>
    /// <param name="tasks">The tasks, ascending.</param>
    /// <param name="maxArraySize">The limit.</param>
    public static IReadOnlyList<(int Offset, IReadOnlyList<int> Tasks)> Parts(IReadOnlyList<int> tasks, int maxArraySize) =>
        [.. tasks.GroupBy(task => task / maxArraySize * maxArraySize).Select(part => (part.Key, (IReadOnlyList<int>)[.. part]))];

    /// <summary>The options and arguments of sbatch for an array.</summary>
    /// <param name="offset">The task that has the number 0.</param>
    /// <param name="tasks">The tasks, ascending.</param>
    /// <param name="after">The array that must end before; null: none.</param>
    public IReadOnlyList<string> Arguments(int offset, IReadOnlyList<int> tasks, long? after)
    {
        var array = SubmittedArray.Ranges([.. tasks.Select(task => task - offset)]);
        return
        [
            $"--array={array}{(options.Parallel is { } parallel ? Invariant($"%{parallel}") : "")}",
            .. after is { } job ? new[] { Invariant($"--dependency=afterany:{job}") } : [],
            script,
            Invariant($"{offset}"),
        ];
    }

    // The limit on tasks at a time is that of one array, so arrays that have one follow each other.
    private bool TrySubmit(int offset, int[] tasks)
    {
        if (SlurmCluster.Submit(Arguments(offset, tasks, options.Parallel is null ? null : previous)) is not { } job)
        {
            return false;
        }

        previous = job;
        submitted(new(job, offset, options.Group, tasks));
        return true;
    }
}
