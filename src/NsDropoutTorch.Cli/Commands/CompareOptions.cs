using System.CommandLine;
using System.Globalization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Data.Formats;
using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Models;
using NsDropoutTorch.Experiments.Presets;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Cli.Commands;

/// <summary>The options of <c>nsdropout compare</c>, each read into its value as the command line is parsed.</summary>
internal sealed class CompareOptions
{
    private static readonly ComparisonSettings Reference = new() { Dataset = "" };

    public ReadOption<Preset> Preset { get; } = OptionReader.Of(
        "--preset",
        "NAME",
        "Runs the experiments of a source with its settings, which other options change, and prints published beside measured figures. Known: "
            + $"{Known(PresetCatalog.All, preset => (preset.Name, preset.Summary))}.",
        (_, text) => PresetCatalog.Find(text));

    public Option<string[]?> Dataset { get; } = new("--dataset")
    {
        HelpName = "NAME|PATH",
        Description = $"{string.Join(", ", DatasetCatalog.Names)}, or a file or folder; given several times, each has a folder of its own in --out. [default: mnist where found, else optdigits]",
    };

    public Option<string?> Data { get; } = new("--data")
    {
        HelpName = "DIR",
        Description = "Folder of data sets, searched before $NSDROPOUT_DATA, ./data and the data that come with the program.",
    };

    public ReadOption<string> Label { get; } = OptionReader.Of(
        "--label",
        "NAME|N|first|last",
        "Column of a CSV file that holds the class, by its name in the header or by its number, counted from 1. [default: label, class, target or y, else the last]",
        (_, text) => text);

    public ReadOption<CsvHeader> Header { get; } = OptionReader.Of(
        "--header", "yes|no|auto", "Whether the first row of a CSV file holds names; auto: decided by the rows, and a file whose rows leave it open is refused. [default: auto]", OptionReader.Header);

    public ReadOption<IReadOnlyList<LayerSpecification>> Layers { get; } = OptionReader.Of(
        "--layers",
        "LIST",
        $"Layers to compare, each with options after colons (nsdropout,dropout:p=0.5); the first is the baseline. Known: {string.Join(", ", LayerCatalog.All.Select(kind => kind.Name))}; "
        + $"nsdropout layers describes them. [default: {string.Join(',', Reference.Layers)}]",
        OptionReader.Layers);

    public ReadOption<IReadOnlyList<LayerSpecification>> Grid { get; } = OptionReader.Of(
        "--grid",
        "LIST",
        "Layers whose options run over ranges FIRST..LAST/STEP, compared beside those of --layers, or beside none: dropout:p=0.1..0.7/0.1.",
        OptionReader.Grid);

    public ReadOption<string> TuneBy { get; } = OptionReader.Of(
        "--tune-by",
        "selection",
        "Chooses the rate of layers that are run with several, for each seed on the selection part, and scores the choice once on the test set; needs a protocol whose selection reads no label (holdout).",
        (_, text) => text);

    public ReadOption<Protocol> Protocol { get; } = OptionReader.Of(
        "--protocol",
        "NAME",
        "reference: the notebooks' split and choice of epoch; holdout: four disjoint parts, epoch chosen without labels; final: the whole training set is fitted to, the last epoch is scored. "
        + $"reference brings the training recipe of the notebooks, the others the recipe 'practice' (batches of 128, Adam 0.001). [default: {Reference.Protocol.Name}]",
        (_, text) => NsDropoutTorch.Experiments.Protocols.Protocol.Find(text));

    public ReadOption<IReadOnlyList<long>> Seeds { get; } = OptionReader.Of(
        "--seeds", "LIST", $"Seeds, one run each: 22,23 or 22..31. [default: {string.Join(',', Reference.Seeds)}]", OptionReader.Seeds);

    public ReadOption<int> Epochs { get; } = ByRecipe("--epochs", "N", "Epochs of each run, at most.", recipe => Invariant(recipe.Epochs), OptionReader.AtLeast(1));

    public ReadOption<int?> BatchSize { get; } = ByRecipe(
        "--batch-size", "N|full", "Samples per step.", recipe => recipe.BatchSize is { } size ? Invariant(size) : "full", OptionReader.AtLeastOr(1, "full"));

    public ReadOption<double> P { get; } = OptionReader.Of("--p", "RATE", $"Rate of layers that name none, in [0, 1). [default: {Invariant(Reference.P)}]", OptionReader.Number);

    public ReadOption<ModelKind> Model { get; } = OptionReader.Of(
        "--model", "NAME", $"Network. Known: {Known(ModelCatalog.All, kind => (kind.Name, kind.Summary))}. [default: {Reference.Model.Name}]", (_, text) => ModelCatalog.Find(text));

    public ReadOption<IReadOnlyList<int>> Hidden { get; } = OptionReader.Of(
        "--hidden", "LIST", $"Widths of its linear hidden layers. [default: {ForEachModel(kind => kind.Hidden)}]", OptionReader.Widths);

    /// <summary>Null stands for all hidden layers.</summary>
    public ReadOption<IReadOnlyList<int>?> After { get; } = OptionReader.Of(
        "--after",
        "LIST|all",
        $"The hidden layers to regularise, counted from 1 at the input; after a convolution the layer drops channels, after a recurrent layer features of sequences. [default: {ForEachModel(kind => kind.After)}]",
        OptionReader.HiddenLayers);

    public ReadOption<double> LearningRate { get; } = ByRecipe("--lr", "RATE", "Adam's learning rate.", recipe => Invariant(recipe.LearningRate), OptionReader.Number);

    public ReadOption<double> Decay { get; } = ByRecipe(
        "--decay", "RATE", "Decay of the learning rate: lr / (1 + decay · step).", recipe => Invariant(recipe.Decay), OptionReader.Number);

    public ReadOption<double> AdamEps { get; } = ByRecipe("--adam-eps", "EPS", "Adam's ε.", recipe => Invariant(recipe.AdamEps), OptionReader.Number);

    public ReadOption<double> FirstLayerL2 { get; } = ByRecipe(
        "--l2", "FACTOR", "Factor of the penalty Σw² over weights and biases of the first layer.", recipe => Invariant(recipe.FirstLayerL2), OptionReader.Number);

    public ReadOption<double?> InitialStd { get; } = ByRecipe<double?>(
        "--init-std",
        "STD|default",
        "Standard deviation of the initial weights; default: TorchSharp's own initialisation.",
        recipe => recipe.InitialStd is { } std ? Invariant(std) : "default",
        (name, text) => text == "default" ? null : OptionReader.Number(name, text));

    public ReadOption<bool> Standardize { get; } = ByRecipe(
        "--standardize",
        "yes|no",
        "Whether inputs are standardised (each measurement, or each channel of images) by mean and deviation of the part that is fitted to.",
        recipe => recipe.Standardize ? "yes" : "no",
        OptionReader.YesOrNo);

    public ReadOption<int?> Patience { get; } = ByRecipe(
        "--patience",
        "N|none",
        "Epochs without a lower selection error after which a run ends, where the protocol has a selection part.",
        recipe => recipe.Patience is { } patience ? Invariant(patience) : "none",
        OptionReader.AtLeastOr(1, "none"));

    public ReadOption<int?> TrainSamples { get; } = OptionReader.Of(
        "--train-samples", "N|all", "Samples of the training set that are used, drawn by each seed. [default: all]", OptionReader.AtLeastOr(1, "all"));

    public ReadOption<int?> NoiseEpochs { get; } = OptionReader.Of(
        "--noise-epochs",
        "N|same",
        "Epochs of the audit's noise control, which trains layers that read labels once more, on shuffled labels; 0: none. [default: same]",
        OptionReader.AtLeastOr(0, "same"));

    public ReadOption<string> Device { get; } = OptionReader.Of("--device", "NAME", "auto, cpu, cuda or cuda:N. [default: auto]", (_, text) =>
    {
        DeviceChoice.CheckName(text);
        return text;
    });

    /// <summary>Null stands for as many as the cores serve.</summary>
    public ReadOption<int?> Jobs { get; } = OptionReader.Of(
        "--jobs",
        "N|auto",
        "Runs at a time, each in a worker process of its own; no more than there are cores. auto: as many as there are cores, each with one thread, which is best for small networks. [default: 1]",
        OptionReader.AtLeastOr(1, "auto"));

    public ReadOption<int> Threads { get; } = OptionReader.Of(
        "--threads", "N", "Threads that each run computes with on the CPU; figures depend on it, but for small networks, which one of them trains. [default: cores / jobs; 1 with --jobs auto]", OptionReader.AtLeast(1));

    public EngineOptions Engine { get; } = new();

    public Option<string?> Out { get; } = new("--out")
    {
        HelpName = "DIR",
        Description = "Folder for results.json, the report and finished runs; an interrupted comparison goes on from there. [default: nothing is written]",
    };

    public Option<bool> Force { get; } = new("--force") { Description = "Discards the finished runs in the folder of --out, and their networks." };

    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "Prints no progress and no notes." };

    public Option<bool> Json { get; } = new("--json") { Description = "Prints results.json to standard output in place of the table." };

    public IEnumerable<Option> All =>
    [
        Preset, Dataset, Data, Label, Header, Layers, Grid, TuneBy, Protocol, TrainSamples, Seeds, Epochs, BatchSize, P, Model, Hidden, After, LearningRate, Decay, AdamEps, FirstLayerL2, InitialStd, Standardize,
        Patience, NoiseEpochs, Device, Jobs, Threads, .. Engine.All, Out, Force, Quiet, Json,
    ];

    /// <summary>What is compared where no option says otherwise: by the recipe of the protocol.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="ArgumentException">There is no such protocol.</exception>
    public ComparisonSettings Defaults(ParseResult parsed) => TrainingRecipe.For(Protocol.Or(parsed, Reference.Protocol)).ApplyTo(Reference);

    /// <summary>Settings with what the command line says of them.</summary>
    public ComparisonSettings Changed(ComparisonSettings settings, ParseResult parsed) =>
        Changes.Aggregate(settings, (changed, change) => change(changed, parsed));

    // In an order that lets later ones look at earlier ones.
    private IEnumerable<Func<ComparisonSettings, ParseResult, ComparisonSettings>> Changes =>
    [
        Change(Label, (settings, label) => settings with { Label = label }),
        Change(Header, (settings, header) => settings with { Header = header }),
        Change(Layers, (settings, layers) => settings with { Layers = layers }),
        (settings, parsed) => parsed.GetValue(Grid) is { Value: var grid } ? settings with { Layers = [.. (parsed.GetValue(Layers) is null ? ["none"] : settings.Layers).Concat(grid).Distinct()] } : settings,
        Change(TuneBy, (settings, what) => settings with { TuneBy = what }),
        Change(Protocol, (settings, protocol) => settings with { Protocol = protocol }),
        Change(TrainSamples, (settings, samples) => settings with { TrainSamples = samples }),
        Change(Seeds, (settings, seeds) => settings with { Seeds = seeds }),
        Change(Epochs, (settings, epochs) => settings with { Epochs = epochs }),
        Change(BatchSize, (settings, size) => settings with { BatchSize = size }),
        Change(P, (settings, p) => settings with { P = p }),
        Change(Model, (settings, model) => settings with { Model = model, Hidden = null, After = null }),
        Change(Hidden, (settings, widths) => settings with { Hidden = widths }),
        Change(After, (settings, hidden) => settings with { After = hidden ?? [.. Enumerable.Range(1, settings.HiddenLayers)] }),
        Change(LearningRate, (settings, rate) => settings with { LearningRate = rate }),
        Change(Decay, (settings, decay) => settings with { Decay = decay }),
        Change(AdamEps, (settings, eps) => settings with { AdamEps = eps }),
        Change(FirstLayerL2, (settings, factor) => settings with { FirstLayerL2 = factor }),
        Change(InitialStd, (settings, std) => settings with { InitialStd = std }),
        Change(Standardize, (settings, standardize) => settings with { Standardize = standardize }),
        Change(Patience, (settings, patience) => settings with { Patience = patience }),
        Change(NoiseEpochs, (settings, epochs) => settings with { NoiseEpochs = epochs }),
    ];

    private static Func<ComparisonSettings, ParseResult, ComparisonSettings> Change<T>(ReadOption<T> option, Func<ComparisonSettings, T, ComparisonSettings> change) =>
        (settings, parsed) => parsed.GetValue(option) is { } given ? change(settings, given.Value) : settings;

    private static string Invariant(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static ReadOption<T> ByRecipe<T>(string name, string helpName, string description, Func<TrainingRecipe, string> value, Func<string, string, T> read) => OptionReader.Of(
        name,
        helpName,
        $"{description} [default: {string.Join(", ", NsDropoutTorch.Experiments.Protocols.Protocol.All.Select(protocol => $"{value(TrainingRecipe.For(protocol))} for {protocol.Name}"))}]",
        read);

    private static string ForEachModel(Func<ModelKind, IReadOnlyList<int>> values) =>
        string.Join("; ", ModelCatalog.All.Select(kind => $"{string.Join(',', values(kind))} for {kind.Name}"));

    private static string Known<T>(IEnumerable<T> kinds, Func<T, (string Name, string Summary)> describe) =>
        string.Join("; ", kinds.Select(describe).Select(kind => $"{kind.Name} ({kind.Summary})"));
}
