using System.CommandLine;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Cli;

/// <summary>What <c>nsdropout compare</c> was asked for, checked as far as it can be without touching the machine.</summary>
/// <param name="Settings">What to compare; its data set is still to be chosen where none was named.</param>
/// <param name="Dataset">Name or path of the data set; null: the default.</param>
/// <param name="Data">Folder of data sets; null: the usual places.</param>
/// <param name="Device">Name of the device.</param>
/// <param name="Threads">Threads to compute with.</param>
/// <param name="Out">Folder for results; null: none are written.</param>
/// <param name="Quiet">Whether to leave out progress and notes.</param>
/// <param name="Json">Whether to print JSON in place of the table.</param>
internal sealed record CompareArguments(
    ComparisonSettings Settings, string? Dataset, string? Data, string Device, int Threads, string? Out, bool Quiet, bool Json)
{
    /// <exception cref="UsageException">An option makes no sense.</exception>
    public static CompareArguments Of(ParseResult parsed, CompareOptions options)
    {
        string Text(Option<string> option) => parsed.GetRequiredValue(option);
        try
        {
            var device = Text(options.Device);
            DeviceChoice.CheckName(device);
            return new(
                SettingsOf(Text, options),
                parsed.GetValue(options.Dataset),
                parsed.GetValue(options.Data),
                device,
                OptionText.Whole(options.Threads.Name, Text(options.Threads), 1),
                parsed.GetValue(options.Out),
                parsed.GetValue(options.Quiet),
                parsed.GetValue(options.Json));
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message, e);
        }
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
        Hidden = OptionText.Widths(options.Hidden.Name, text(options.Hidden)),
        LearningRate = OptionText.Number(options.LearningRate.Name, text(options.LearningRate)),
    };
}
