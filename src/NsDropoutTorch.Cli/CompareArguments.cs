using System.CommandLine;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Cli;

/// <summary>What <c>nsdropout compare</c> was asked for, checked as far as it can be without touching the machine.</summary>
/// <param name="Settings">What to compare; its data set is still to be chosen where none was named.</param>
/// <param name="Dataset">Name or path of the data set; null: the default.</param>
/// <param name="Data">Folder of data sets; null: the usual places.</param>
/// <param name="Device">Name of the device.</param>
/// <param name="Jobs">Runs at a time that were asked for; above 1 runs have processes of their own.</param>
/// <param name="Threads">Threads each run computes with.</param>
/// <param name="Out">Folder for results; null: none are written.</param>
/// <param name="Force">Whether to discard finished runs there.</param>
/// <param name="Quiet">Whether to leave out progress and notes.</param>
/// <param name="Json">Whether to print JSON in place of the table.</param>
internal sealed record CompareArguments(
    ComparisonSettings Settings, string? Dataset, string? Data, string Device, int Jobs, int Threads, string? Out, bool Force, bool Quiet, bool Json)
{
    /// <summary>Processes at a time: no more than the cores can serve. It changes no figure, as <see cref="Threads"/> does.</summary>
    public int Processes => Math.Clamp(Environment.ProcessorCount / Threads, 1, Jobs);

    /// <exception cref="UsageException">An option makes no sense.</exception>
    public static CompareArguments Of(ParseResult parsed, CompareOptions options)
    {
        string Text(Option<string> option) => parsed.GetRequiredValue(option);
        try
        {
            var device = Text(options.Device);
            DeviceChoice.CheckName(device);
            var jobs = OptionText.Whole(options.Jobs.Name, Text(options.Jobs), 1);
            return new(
                SettingsOf(parsed, options),
                parsed.GetValue(options.Dataset),
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
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message, e);
        }
    }

    private static ComparisonSettings SettingsOf(ParseResult parsed, CompareOptions options)
    {
        var settings = SettingsOf(parsed.GetRequiredValue, options) with
        {
            Hidden = parsed.GetValue(options.Hidden) is { } widths ? OptionText.Widths(options.Hidden.Name, widths) : null,
        };
        return LayerPlacement.Checked(settings with
        {
            After = parsed.GetValue(options.After) is { } after ? OptionText.HiddenLayers(options.After.Name, after, settings.HiddenLayers) : null,
        });
    }

    private static ComparisonSettings SettingsOf(Func<Option<string>, string> text, CompareOptions options) => new()
    {
        Dataset = "",
        Layers = OptionText.Names(options.Layers.Name, text(options.Layers)),
        Protocol = text(options.Protocol),
        Seeds = OptionText.Seeds(options.Seeds.Name, text(options.Seeds)),
        Epochs = OptionText.Whole(options.Epochs.Name, text(options.Epochs), 1),
        BatchSize = OptionText.BatchSize(options.BatchSize.Name, text(options.BatchSize)),
        P = OptionText.Number(options.P.Name, text(options.P)),
        Model = text(options.Model),
        LearningRate = OptionText.Number(options.LearningRate.Name, text(options.LearningRate)),
        NoiseEpochs = OptionText.NoiseEpochs(options.NoiseEpochs.Name, text(options.NoiseEpochs)),
    };
}
