using System.CommandLine;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Slurm;
using NsDropoutTorch.Cli.Sweeps;
using NsDropoutTorch.Cli.Workers;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Cli.Commands;

/// <summary>What <c>nsdropout compare</c> was asked for, checked as far as it can be without touching the machine.</summary>
/// <param name="Preset">Name of the preset; null: none.</param>
/// <param name="Sweep">What to do.</param>
/// <param name="Running">How this machine carries out runs.</param>
/// <param name="Slurm">How Slurm does; null: this machine does.</param>
/// <param name="Json">Whether to print JSON in place of the table.</param>
internal sealed record CompareArguments(string? Preset, Sweep Sweep, RunningOptions Running, SlurmOptions? Slurm, bool Json)
{
    /// <exception cref="UsageException">An option makes no sense.</exception>
    public static CompareArguments Of(ParseResult parsed, CompareOptions options) => UsageException.Checked(() => Read(parsed, options));

    /// <summary>What carries out the runs.</summary>
    /// <param name="host">Where progress and notes go.</param>
    public ISweepEngine Engine(CliHost host) => Slurm is { } slurm ? new SlurmEngine(slurm, host) : new LocalEngine(Running, host);

    private static CompareArguments Read(ParseResult parsed, CompareOptions options)
    {
        var slurm = options.Engine.Read(parsed);
        var threads = parsed.GetValue(options.Threads)?.Value;
        var running = RunningOptions.On(
            Environment.ProcessorCount, parsed.GetValue(options.Data), options.Jobs.Or(parsed, 1), threads, parsed.GetValue(options.Quiet));
        var sweep = new Sweep(
            ExperimentsOf(parsed, options),
            options.Device.Or(parsed, DeviceChoice.Auto),
            running.Data,
            // A task has as many cores as its run has threads, so the cores of the node that plans have no say.
            slurm is null ? running.Threads : threads ?? 1,
            parsed.GetValue(options.Out),
            parsed.GetValue(options.Force),
            running.Quiet);
        return new(parsed.GetValue(options.Preset)?.Value.Name, sweep, running, slurm, parsed.GetValue(options.Json));
    }

    private static IReadOnlyList<Experiment> ExperimentsOf(ParseResult parsed, CompareOptions options)
    {
        string[] datasets = parsed.GetValue(options.Dataset) ?? [];
        if (parsed.GetValue(options.Preset) is not { Value: { } preset })
        {
            var settings = Changed(options.Defaults(parsed));
            return datasets.Length < 2 ? [new("", datasets.FirstOrDefault(), settings, null)] : [.. NamesOf(datasets, options).Zip(datasets, (name, dataset) => new Experiment(name, dataset, settings, null))];
        }

        var chosen = preset.Experiments.Where(experiment => datasets.Length == 0 || datasets.Contains(experiment.Settings.Dataset, StringComparer.Ordinal)).ToArray();
        return chosen.Length > 0
            ? [.. chosen.Select(experiment => new Experiment(experiment.Name, experiment.Settings.Dataset, Changed(experiment.Settings), experiment.Published))]
            : throw new UsageException(
                $"{options.Dataset.Name} must be one of the data sets of preset {preset.Name}, {string.Join(", ", preset.DatasetNames)}, but got '{datasets[0]}'.");

        ComparisonSettings Changed(ComparisonSettings settings) => options.Changed(settings, parsed).CheckPlaces();
    }

    // Each has a folder of its own; a path gives its last part.
    private static string[] NamesOf(string[] datasets, CompareOptions options)
    {
        string[] names = [.. datasets.Select(dataset => Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(dataset)))];
        return names.Distinct(StringComparer.Ordinal).Count() == names.Length
            ? names
            : throw new UsageException($"Each {options.Dataset.Name} must have a name of its own, as it names a folder, but got {string.Join(", ", datasets)}; rename one.");
    }
}
