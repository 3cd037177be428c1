using System.CommandLine;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Presets;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Cli;

/// <summary>What <c>nsdropout compare</c> was asked for, checked as far as it can be without touching the machine.</summary>
/// <param name="Preset">Name of the preset; null: none.</param>
/// <param name="Experiments">What to compare: the experiments of the preset, or a single one.</param>
/// <param name="Data">Folder of data sets; null: the usual places.</param>
/// <param name="Device">Name of the device.</param>
/// <param name="Jobs">Runs at a time that were asked for; above 1 runs have processes of their own.</param>
/// <param name="Threads">Threads each run computes with.</param>
/// <param name="Out">Folder for results; null: none are written.</param>
/// <param name="Force">Whether to discard finished runs there.</param>
/// <param name="Quiet">Whether to leave out progress and notes.</param>
/// <param name="Json">Whether to print JSON in place of the table.</param>
internal sealed record CompareArguments(
    string? Preset, IReadOnlyList<Experiment> Experiments, string? Data, string Device, int Jobs, int Threads, string? Out, bool Force, bool Quiet, bool Json)
{
    /// <summary>Processes at a time: no more than the cores can serve. It changes no figure, as <see cref="Threads"/> does.</summary>
    public int Processes => Math.Clamp(Environment.ProcessorCount / Threads, 1, Jobs);

    /// <exception cref="UsageException">An option makes no sense.</exception>
    public static CompareArguments Of(ParseResult parsed, CompareOptions options) => UsageException.Checked(() => Read(parsed, options));

    private static CompareArguments Read(ParseResult parsed, CompareOptions options)
    {
        var device = parsed.GetRequiredValue(options.Device);
        DeviceChoice.CheckName(device);
        var jobs = OptionText.Whole(options.Jobs.Name, parsed.GetRequiredValue(options.Jobs), 1);
        return new(
            parsed.GetValue(options.Preset),
            ExperimentsOf(parsed, options),
            parsed.GetValue(options.Data),
            device,
            jobs,
            parsed.GetValue(options.Threads) is { } threads
                ? OptionText.Whole(options.Threads.Name, threads, 1)
                : Math.Max(1, Environment.ProcessorCount / jobs),
            parsed.GetValue(options.Out),
            parsed.GetValue(options.Force),
            parsed.GetValue(options.Quiet),
            parsed.GetValue(options.Json));
    }

    private static IReadOnlyList<Experiment> ExperimentsOf(ParseResult parsed, CompareOptions options)
    {
        var dataset = parsed.GetValue(options.Dataset);
        if (parsed.GetValue(options.Preset) is not { } name)
        {
            return [new("", dataset, Changed(options.Defaults(parsed)), null)];
        }

        var preset = PresetCatalog.Find(name);
        var chosen = preset.Experiments.Where(experiment => dataset is null || experiment.Settings.Dataset == dataset).ToArray();
        return chosen.Length > 0
            ? [.. chosen.Select(experiment => new Experiment(experiment.Name, experiment.Settings.Dataset, Changed(experiment.Settings), experiment.Published))]
            : throw new UsageException(
                $"{options.Dataset.Name} must be one of the data sets of preset {name}, {string.Join(", ", preset.DatasetNames)}, but got '{dataset}'.");

        ComparisonSettings Changed(ComparisonSettings settings) => LayerPlacement.Checked(options.Changed(settings, parsed));
    }
}
