using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using NsDropoutTorch.Cli.Hosting;

namespace NsDropoutTorch.Cli.Slurm;

/// <summary>Slurm as its commands show it: <c>sbatch</c>, <c>squeue</c>, <c>scancel</c> and <c>scontrol</c>, from the PATH.</summary>
internal static class SlurmCluster
{
    // What sbatch says where the user's, the account's or the cluster's number of submitted jobs is reached.
    private static readonly string[] Full = ["job submit limit", "MaxSubmitJob", "Job violates accounting/QOS policy", "temporarily unable to accept job", "Job count limit"];

    /// <summary>Queues a script.</summary>
    /// <param name="arguments">Options, the script and its arguments.</param>
    /// <returns>The number of the job; null where no more jobs are taken at the moment.</returns>
    /// <exception cref="FailureException">Slurm is not there, or refuses.</exception>
    public static long? Submit(params IEnumerable<string> arguments)
    {
        var (exitCode, output, error) = Call("sbatch", ["--parsable", .. arguments]);
        // JOB, or JOB;CLUSTER.
        return exitCode == 0 && long.TryParse(output.Trim().Split(';')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var job) ? job
            : Full.Any(text => error.Contains(text, StringComparison.OrdinalIgnoreCase)) ? null
            : throw Refused("sbatch", exitCode, error + output);
    }

    /// <summary>The tasks of this user that wait or run.</summary>
    /// <exception cref="FailureException">Slurm is not there, or does not answer.</exception>
    public static IReadOnlyList<QueuedTask> Queue()
    {
        var (exitCode, output, error) = Call("squeue", ["--noheader", "--array", "--me", "--format=%F %K %T %r"]);
        return exitCode == 0
            ? [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries)).Where(parts => parts.Length >= 3).Select(QueuedTask.Of)]
            : throw Refused("squeue", exitCode, error);
    }

    /// <summary>Ends jobs.</summary>
    /// <param name="jobs">Their numbers.</param>
    /// <exception cref="FailureException">Slurm is not there, or refuses.</exception>
    public static void Cancel(IEnumerable<long> jobs)
    {
        var (exitCode, _, error) = Call("scancel", [.. jobs.Select(job => Invariant($"{job}"))]);
        if (exitCode != 0)
        {
            throw Refused("scancel", exitCode, error);
        }
    }

    /// <summary>Numbers of array tasks are below this.</summary>
    /// <exception cref="FailureException">Slurm is not there, or does not answer.</exception>
    public static int MaxArraySize()
    {
        var (exitCode, output, error) = Call("scontrol", ["show", "config"]);
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith("MaxArraySize", StringComparison.Ordinal));
        return exitCode == 0 && int.TryParse(line?.Split('=')[^1].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 1
            ? size
            : throw Refused("scontrol show config", exitCode, error);
    }

    /// <summary>Throws where a command is not there.</summary>
    /// <param name="program">Its name.</param>
    /// <exception cref="FailureException">It is not.</exception>
    public static void Require(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, program))))
        {
            throw Missing(program);
        }
    }

    private static (int ExitCode, string Output, string Error) Call(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.GetAwaiter().GetResult());
        }
        catch (Win32Exception e)
        {
            throw Missing(program, e);
        }
    }

    private static FailureException Missing(string program, Exception? inner = null) =>
        new($"Slurm's commands must be on the PATH, but {program} is not; give this command on a login node of the cluster, or take --engine local.", inner);

    private static FailureException Refused(string program, int exitCode, string error) =>
        new(Invariant($"Slurm must carry out {program}, but it returned {exitCode}: {(error.Trim() is { Length: > 0 } text ? text.TrimEnd('.') : "it said nothing")}."));
}

/// <summary>A task in Slurm's queue.</summary>
/// <param name="Job">Number of the job, of an array that of the whole.</param>
/// <param name="Task">Number in its array; null: it is no array.</param>
/// <param name="IsRunning">Whether it runs.</param>
/// <param name="Reason">Why it does not, in Slurm's words.</param>
internal sealed record QueuedTask(long Job, int? Task, bool IsRunning, string Reason)
{
    /// <summary>Whether it waits until somebody releases it, as one that a node could not start.</summary>
    public bool IsHeld => !IsRunning && Reason.Contains("held", StringComparison.OrdinalIgnoreCase);

    /// <summary>From job, number, state and reason, as <c>squeue</c> prints them.</summary>
    /// <param name="parts">Three or four of them.</param>
    public static QueuedTask Of(string[] parts) => new(
        long.Parse(parts[0], CultureInfo.InvariantCulture),
        int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var task) ? task : null,
        parts[2] is not ("PENDING" or "REQUEUED" or "REQUEUE_HOLD" or "SPECIAL_EXIT"),
        parts is [_, _, _, var reason] ? reason : "");

    /// <summary>How <c>scontrol</c> names it.</summary>
    public override string ToString() => Task is { } number ? Invariant($"{Job}_{number}") : Invariant($"{Job}");

    /// <summary>What to do about held tasks; null where none is held.</summary>
    /// <param name="tasks">The tasks of a sweep.</param>
    public static string? HeldLine(IEnumerable<QueuedTask> tasks) =>
        tasks.Where(task => task.IsHeld).ToArray() is { Length: > 0 } held
            ? $"Slurm holds {string.Join(", ", held.Select(task => $"{task} ({task.Reason})"))}, and starts no held task by itself: scontrol release {string.Join(' ', held.AsEnumerable())}."
            : null;
}
