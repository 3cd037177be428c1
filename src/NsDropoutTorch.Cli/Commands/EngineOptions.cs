using System.CommandLine;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Slurm;

namespace NsDropoutTorch.Cli.Commands;

/// <summary>The options of <c>nsdropout compare</c> that say what carries out its runs.</summary>
internal sealed class EngineOptions
{
    private const string Local = "local";
    private const string Slurm = "slurm";

    private const int DefaultRequeues = 10;
    private const int DefaultGrace = 120;

    private readonly ReadOption<string> engine = OptionReader.Of(
        "--engine",
        "local|slurm",
        "What carries out the runs: this machine (--jobs), or a cluster with Slurm, which needs --out on a disk that all nodes share (docs/cluster.md). [default: local]",
        (name, text) => text is Local or Slurm ? text : throw new UsageException($"{name} must be {Local} or {Slurm}, but got '{text}'."));

    private readonly ReadOption<string> time = OptionReader.Of("--slurm-time", "TIME", "Time limit of a task, as sbatch reads it (1:00:00); its run is saved before and goes on. [default: that of the partition]", OneLine);

    private readonly ReadOption<int> parallel = OptionReader.Of("--slurm-parallel", "N", "Tasks at a time, at most. [default: as many as the cluster gives]", OptionReader.AtLeast(1));

    private readonly ReadOption<int> group = OptionReader.Of("--slurm-group", "N", "Runs that a task carries out one after the other: a start takes seconds, so short runs go in groups. [default: 1]", OptionReader.AtLeast(1));

    private readonly ReadOption<int> requeues = OptionReader.Of("--slurm-requeues", "N", Invariant($"How often a task that was stopped is queued again, at most. [default: {DefaultRequeues}]"), OptionReader.AtLeast(0));

    private readonly ReadOption<int> grace = OptionReader.Of("--slurm-grace", "SECONDS", Invariant($"How long before its time limit a task is told to save. [default: {DefaultGrace}]"), OptionReader.AtLeast(1));

    private readonly Option<string[]?> arguments = new("--slurm-arg") { HelpName = "OPTION", Description = "An option for sbatch, such as --slurm-arg=--partition=gpu; may be given several times." };

    private readonly ReadOption<string> command = OptionReader.Of("--slurm-command", "WORDS", "How nodes start this program, for instance 'apptainer exec nsdropout.sif nsdropout'. [default: as it was started here]", OneLine);

    private readonly Option<bool> dryRun = new("--dry-run") { Description = "With --engine slurm: writes plan and scripts, shows what to type, and calls nothing." };

    private readonly Option<bool> wait = new("--wait") { Description = "With --engine slurm: waits for the results and prints them." };

    public IEnumerable<Option> All => [engine, .. OfSlurm];

    private Option[] OfSlurm => [time, parallel, group, requeues, grace, arguments, command, dryRun, wait];

    /// <summary>How Slurm carries out the runs; null where this machine does.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="UsageException">An option has no meaning for the engine.</exception>
    public SlurmOptions? Read(ParseResult parsed)
    {
        if (engine.Or(parsed, Local) == Local)
        {
            return OfSlurm.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } misplaced
                ? throw new UsageException($"{misplaced.Name} must stand beside {engine.Name} {Slurm}, but got it alone; add that, or leave it out.")
                : null;
        }

        return new(
            parsed.GetValue(time)?.Value, parsed.GetValue(parallel)?.Value, group.Or(parsed, 1), requeues.Or(parsed, DefaultRequeues), grace.Or(parsed, DefaultGrace),
            [.. (parsed.GetValue(arguments) ?? []).Select(argument => OneLine(arguments.Name, argument))], parsed.GetValue(command)?.Value, parsed.GetValue(dryRun), parsed.GetValue(wait));
    }

    // It becomes a line of a script.
    private static string OneLine(string name, string text) => text.AsSpan().ContainsAny('\n', '\r') ? throw new UsageException($"{name} must be one line, but got '{text}'.") : text;
}
