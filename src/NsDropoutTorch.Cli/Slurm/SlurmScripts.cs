using System.Text;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Sweeps;

namespace NsDropoutTorch.Cli.Slurm;

/// <summary>The scripts of a sweep, pure functions of what was asked for. They are made to be read and edited.</summary>
internal static class SlurmScripts
{
    /// <summary>Name of the script of the array within the folder of the results.</summary>
    public const string ArrayName = $"{SweepPlan.FolderName}/array.sbatch";

    /// <summary>Name of the script that gathers.</summary>
    public const string GatherName = $"{SweepPlan.FolderName}/gather.sbatch";

    /// <summary>Name of the folder of what tasks print.</summary>
    public const string LogsName = $"{SweepPlan.FolderName}/logs";

    /// <summary>Name of the file that tells tasks that they are not wanted any more.</summary>
    public const string CancelledName = $"{SweepPlan.FolderName}/cancelled";

    /// <summary>The script of one task of the array; its argument is the number of the array's first task.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="folder">Full path of the folder of the results.</param>
    public static string Array(SweepPlan plan, SlurmOptions options, string folder) =>
        $$"""
        #!/bin/bash
        # Written by nsdropout compare --engine slurm. Edit it as you like: what was edited is kept.
        # Task T of this array carries out {{Count(options.Group)}} of plan.json. By hand: sbatch --array=0-{{Invariant($"{Math.Max(0, TasksOf(plan, options.Group) - 1)}")}} {{Quoted(Path.Combine(folder, ArrayName))}}
        #SBATCH --job-name=nsdropout
        #SBATCH --output={{Path.Combine(folder, LogsName)}}/%A_%a.out
        #SBATCH --open-mode=append
        #SBATCH --requeue
        #SBATCH --signal=USR1@{{Invariant($"{options.Grace}")}}
        {{Directives(options, plan.Threads)}}{{(plan.Device == "cpu" ? "" : "#SBATCH --gres=gpu:1\n")}}
        sweep={{Quoted(Path.Combine(folder, SweepPlan.FolderName))}}
        task=${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}
        index=$(( (${1:-0} + SLURM_ARRAY_TASK_ID) * {{Invariant($"{options.Group}")}} ))

        # A signal to this script waits until the run has saved itself.
        trap : TERM
        srun --ntasks=1 --cpus-per-task="${SLURM_CPUS_PER_TASK:-1}" \
            {{CommandOf(options)}} run-unit --plan "$sweep/plan.json" --index "$index" --count {{Invariant($"{options.Group}")}}
        status=$?

        # {{Invariant($"{ExitCode.Unfinished}")}}: stopped by a signal and saved; above 128: ended by a signal. Both go on when queued again. {{Invariant($"{ExitCode.Failure}")}} (failed) and {{Invariant($"{ExitCode.BadUsage}")}} (usage) would only come again.
        if { [ "$status" -eq {{Invariant($"{ExitCode.Unfinished}")}} ] || [ "$status" -gt 128 ]; } && [ ! -e "$sweep/cancelled" ] \
            && [ "${SLURM_RESTART_COUNT:-0}" -lt {{Invariant($"{options.Requeues}")}} ] \
            && [ "$(squeue --noheader --format=%T --job="$task")" = RUNNING ]; then
            scontrol requeue "$task" && sleep 60 # Slurm ends this script.
        fi
        exit "$status"

        """;

    /// <summary>The script that makes results and reports, when all tasks have ended.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="folder">Full path of the folder of the results.</param>
    public static string Gather(SlurmOptions options, string folder) =>
        $"""
        #!/bin/bash
        # Written by nsdropout compare --engine slurm. Edit it as you like: what was edited is kept.
        #SBATCH --job-name=nsdropout-gather
        #SBATCH --output={Path.Combine(folder, LogsName)}/gather-%j.out
        #SBATCH --open-mode=append
        {Directives(options, 1)}
        exec {CommandOf(options)} gather {Quoted(folder)}

        """;

    /// <summary>Number of tasks that all units of a plan take.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="group">Units of a task.</param>
    public static int TasksOf(SweepPlan plan, int group) => (plan.Units.Count + group - 1) / group;

    /// <summary>A text as one word of a shell.</summary>
    /// <param name="text">The text.</param>
    public static string Quoted(string text) =>
        text.Length > 0 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || "/._-+:=@%,".Contains(letter, StringComparison.Ordinal)) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Count(int group) => group == 1 ? "run T" : Invariant($"the {group} runs from {group} T on");

    private static string Directives(SlurmOptions options, int cores)
    {
        var lines = new StringBuilder(Invariant($"#SBATCH --ntasks=1\n#SBATCH --cpus-per-task={cores}\n"));
        if (options.Time is { } time)
        {
            lines.Append("#SBATCH --time=").Append(time).Append('\n');
        }

        foreach (var argument in options.Arguments)
        {
            lines.Append("#SBATCH ").Append(argument).Append('\n');
        }

        return lines.ToString();
    }

    private static string CommandOf(SlurmOptions options) => options.Command ?? string.Join(' ', ThisProgram.Command.Select(Quoted));
}
