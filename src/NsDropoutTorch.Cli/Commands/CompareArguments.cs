using System.CommandLine;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Workers;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Presets;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Cli.Commands;

/// <summary>What <c>nsdropout compare</c> was asked for, checked as far as it can be without touching the machine.</summary>
/// <param name="Preset">Name of the preset; null: none.</param>
/// <param name="Experiments">What to compare: the experiments of the preset, or a single one.</param>
/// <param name="Device">Name of the device.</param>
/// <param name="Running">How the runs are carried out.</param>
/// <param name="Out">Folder for results; null: none are written.</param>
/// <param name="Force">Whether to discard finished runs there.</param>
/// <param name="Json">Whether to print JSON in place of the table.</param>
internal sealed record CompareArguments(
    string? Preset, IReadOnlyList<Experiment> Experiments, string Device, RunningOptions Running, string? Out, bool Force, bool Json)
{
    /// <exception cref="UsageException">An option makes no sense.</exception>
    public static CompareArguments Of(ParseResult parsed, CompareOptions options) => UsageException.Checked(() => Read(parsed, options));

    private static CompareArguments Read(ParseResult parsed, CompareOptions options)
    {
        return new(
            parsed.GetValue(options.Preset)?.Value.Name,
            ExperimentsOf(parsed, options),
            options.Device.Or(parsed, DeviceChoice.Auto),
            RunningOptions.On(
                Environment.ProcessorCount, parsed.GetValue(options.Data), options.Jobs.Or(parsed, 1), parsed.GetValue(options.Threads)?.Value, parsed.GetValue(options.Quiet)),
            parsed.GetValue(options.Out),
            parsed.GetValue(options.Force),
            parsed.GetValue(options.Json));
    }

    private static IReadOnlyList<Experiment> ExperimentsOf(ParseResult parsed, CompareOptions options)
    {
        var dataset = parsed.GetValue(options.Dataset);
        if (parsed.GetValue(options.Preset) is not { Value: { } preset })
        {
            return [new("", dataset, Changed(options.Defaults(parsed)), null)];
        }

        var chosen = preset.Experiments.Where(experiment => dataset is null || experiment.Settings.Dataset == dataset).ToArray();
        return chosen.Length > 0
            ? [.. chosen.Select(experiment => new Experiment(experiment.Name, experiment.Settings.Dataset, Changed(experiment.Settings), experiment.Published))]
            : throw new UsageException(
                $"{options.Dataset.Name} must be one of the data sets of preset {preset.Name}, {string.Join(", ", preset.DatasetNames)}, but got '{dataset}'.");

        ComparisonSettings Changed(ComparisonSettings settings) => options.Changed(settings, parsed).CheckPlaces();
    }
}

/// <summary>One comparison that <c>nsdropout compare</c> is to carry out.</summary>
/// <param name="Name">Its name among those of a preset, empty for one of no preset.</param>
/// <param name="Dataset">Name or path of the data set; null: the default.</param>
/// <param name="Settings">What to compare; its data set is still to be chosen where none was named.</param>
/// <param name="Published">What a source says of it; null: nothing.</param>
internal sealed record Experiment(string Name, string? Dataset, ComparisonSettings Settings, PublishedResults? Published);
