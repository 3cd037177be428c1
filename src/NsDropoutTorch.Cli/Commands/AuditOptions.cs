using System.CommandLine;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Data.Formats;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training.Checkpoints;

namespace NsDropoutTorch.Cli.Commands;

/// <summary>The options of <c>nsdropout audit</c>; those that <c>compare</c> has too mean the same.</summary>
internal sealed class AuditOptions
{
    private readonly CompareOptions shared = new();

    public Option<string> Checkpoint { get; } = new("--checkpoint")
    {
        HelpName = "FILE",
        Required = true,
        Description = $"A network of compare --out ({ModelRecipe.FolderName}/*{ModelRecipe.Extension}), whose file says how it is built; or a checkpoint of a training run, whose network "
            + "--layers, --model, --hidden, --after, --p and --seeds describe.",
    };

    public Option<string?> Dataset { get; } = new("--dataset")
    {
        HelpName = "NAME|PATH",
        Description = $"{string.Join(", ", DatasetCatalog.Names)}, or a file or folder. [default: that of the file; else mnist where found, else optdigits]",
    };

    public Option<string?> Data => shared.Data;

    public ReadOption<string> Label => shared.Label;

    public ReadOption<CsvHeader> Header => shared.Header;

    public ReadOption<int?> NoiseEpochs => shared.NoiseEpochs;

    public ReadOption<string> Device => shared.Device;

    public ReadOption<int> Threads => shared.Threads;

    public Option<bool> Quiet => shared.Quiet;

    public Option<bool> Json { get; } = new("--json") { Description = "Prints the audit as JSON in place of the table." };

    public IEnumerable<Option> All => [Checkpoint, Dataset, Data, Label, Header, .. OfTheNetwork, NoiseEpochs, Device, Threads, Quiet, Json];

    private IEnumerable<Option> OfTheNetwork => [shared.Layers, shared.Model, shared.Hidden, shared.After, shared.P, shared.Seeds];

    /// <summary>The settings of a network whose file does not tell them.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or there is not exactly one layer and one seed.</exception>
    public ComparisonSettings SettingsOf(ParseResult parsed)
    {
        var settings = shared.Changed(new() { Dataset = "", Layers = ["nsdropout"], NoiseEpochs = 0 }, parsed).CheckPlaces();
        return settings is { Layers.Count: 1, Seeds.Count: 1 } ? settings : throw new UsageException(
            $"--layers and --seeds must name the one layer and seed of the network, but got {settings.Layers.Count} and {settings.Seeds.Count}.");
    }

    /// <summary>The settings that a file tells of its network, with the noise control asked for; how a CSV file is read is told for the data set of the file alone.</summary>
    /// <param name="recorded">What the file tells.</param>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="UsageException">An option says something of the network, too.</exception>
    public ComparisonSettings SettingsOf(ComparisonSettings recorded, ParseResult parsed)
    {
        var given = OfTheNetwork.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
        return given is null
            ? shared.Changed(parsed.GetValue(Dataset) is null ? recorded : recorded with { Label = null, Header = CsvHeader.Auto }, parsed)
            : throw new UsageException($"the file says itself how its network is built, but got {given.Name} as well; leave that out.");
    }
}
