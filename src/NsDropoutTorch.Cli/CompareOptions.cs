using System.CommandLine;
using System.Globalization;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Presets;
using NsDropoutTorch.Training.Data;

namespace NsDropoutTorch.Cli;

/// <summary>The options of <c>nsdropout compare</c>. All are texts here; <see cref="CompareArguments"/> gives them meaning.</summary>
internal sealed class CompareOptions
{
    private static readonly ComparisonSettings Reference = new() { Dataset = "" };

    public Option<string?> Preset { get; } = new("--preset")
    {
        HelpName = "NAME",
        Description = "Experiments of a source with its settings, which other options change; prints published beside measured. Known: "
            + $"{Known(PresetCatalog.All, preset => (preset.Name, preset.Summary))}.",
    };

    public Option<string?> Dataset { get; } = new("--dataset")
    {
        HelpName = "NAME|PATH",
        Description = $"{string.Join(", ", DatasetCatalog.Names)}, or a file or folder. [default: mnist where found, else optdigits]",
    };

    public Option<string?> Data { get; } = new("--data")
    {
        HelpName = "DIR",
        Description = "Folder of data sets, looked in before $NSDROPOUT_DATA, ./data and what the program brings.",
    };

    public Option<string> Label { get; } = new("--label")
    {
        HelpName = "NAME|N|first|last",
        Description = "Column of a CSV file that holds the class, by its name in the header or by its number, counted from 1. [default: label, class, target or y, else the last]",
    };

    public Option<string> Header { get; } = Text(
        "--header", "yes|no|auto", "Whether the first row of a CSV file holds names; auto: as the rows say, and a file that leaves it open is refused.", "auto");

    public Option<string> Layers { get; } = Text(
        "--layers",
        "LIST",
        $"Layers to compare, each with options after colons (nsdropout,dropout:p=0.5); the first is the baseline. Known: {string.Join(", ", LayerCatalog.All.Select(kind => kind.Name))}; "
        + "nsdropout layers describes them.",
        string.Join(',', Reference.Layers));

    public Option<string> Protocol { get; } = Text(
        "--protocol",
        "NAME",
        "reference: the notebooks' split and choice of epoch; holdout: four disjoint parts, epoch chosen without labels; final: all fitted to, last epoch scored. "
        + "reference trains by the notebooks' recipe, the others by one of practice.",
        Reference.Protocol);

    public Option<string> Seeds { get; } = Text("--seeds", "LIST", "Seeds, one run each: 22,23 or 22..31.", string.Join(',', Reference.Seeds));

    public Option<string> Epochs { get; } = ByRecipe("--epochs", "N", "Epochs of each run, at most.", recipe => Invariant(recipe.Epochs));

    public Option<string> BatchSize { get; } = ByRecipe("--batch-size", "N|full", "Samples per step.", recipe => recipe.BatchSize is { } size ? Invariant(size) : "full");

    public Option<string> P { get; } = Text("--p", "RATE", "Rate of layers that name none, in [0, 1).", Invariant(Reference.P));

    public Option<string> Model { get; } = Text(
        "--model", "NAME", $"Network. Known: {Known(ModelCatalog.All, kind => (kind.Name, kind.Summary))}.", Reference.Model);

    public Option<string> Hidden { get; } = new("--hidden")
    {
        HelpName = "LIST",
        Description = $"Widths of its linear hidden layers. [default: {ForEachModel(kind => kind.Hidden)}]",
    };

    public Option<string> After { get; } = new("--after")
    {
        HelpName = "LIST|all",
        Description = "The hidden layers after which layers are placed, counted from 1 at the input; channel variants after convolutions. "
            + $"[default: {ForEachModel(kind => kind.After)}]",
    };

    public Option<string> LearningRate { get; } = ByRecipe("--lr", "RATE", "Adam's learning rate.", recipe => Invariant(recipe.LearningRate));

    public Option<string> Decay { get; } = ByRecipe("--decay", "RATE", "Decay of the learning rate: lr / (1 + decay · step).", recipe => Invariant(recipe.Decay));

    public Option<string> AdamEps { get; } = ByRecipe("--adam-eps", "EPS", "Adam's ε.", recipe => Invariant(recipe.AdamEps));

    public Option<string> FirstLayerL2 { get; } = ByRecipe(
        "--l2", "FACTOR", "Penalty on Σw² of weights and biases of the first layer.", recipe => Invariant(recipe.FirstLayerL2));

    public Option<string> InitialStd { get; } = ByRecipe(
        "--init-std",
        "STD|default",
        "Standard deviation of the initial weights; default: TorchSharp's own initialisation.",
        recipe => recipe.InitialStd is { } std ? Invariant(std) : "default");

    public Option<string> Standardize { get; } = ByRecipe(
        "--standardize",
        "yes|no",
        "Whether each measurement, or each channel of images, is standardised by the part fitted to.",
        recipe => recipe.Standardize ? "yes" : "no");

    public Option<string> Patience { get; } = ByRecipe(
        "--patience",
        "N|none",
        "Epochs without a lower selection error that end a run, where the protocol has a selection part.",
        recipe => recipe.Patience is { } patience ? Invariant(patience) : "none");

    public Option<string> NoiseEpochs { get; } = Text(
        "--noise-epochs", "N|same", "Epochs of the audit's noise control, which trains layers that read labels once more, on shuffled labels; 0: none.", "same");

    public Option<string> Device { get; } = Text("--device", "NAME", "auto, cpu, cuda or cuda:N.", "auto");

    public Option<string> Jobs { get; } = Text("--jobs", "N", "Runs carried out at a time, each in a process of its own, as far as the cores reach.", "1");

    public Option<string?> Threads { get; } = new("--threads")
    {
        HelpName = "N",
        Description = "Threads that each run computes with on the CPU; figures depend on it. [default: cores / jobs]",
    };

    public Option<string?> Out { get; } = new("--out")
    {
        HelpName = "DIR",
        Description = "Folder for results.json, the report and finished runs; an interrupted comparison goes on from there. [default: nothing is written]",
    };

    public Option<bool> Force { get; } = new("--force") { Description = "Discards finished runs in the folder of --out." };

    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "No progress and no notes." };

    public Option<bool> Json { get; } = new("--json") { Description = "Prints results.json to standard output in place of the table." };

    public IEnumerable<Option> All =>
    [
        Preset, Dataset, Data, Label, Header, Layers, Protocol, Seeds, Epochs, BatchSize, P, Model, Hidden, After, LearningRate, Decay, AdamEps, FirstLayerL2, InitialStd, Standardize,
        Patience, NoiseEpochs, Device, Jobs, Threads, Out, Force, Quiet, Json,
    ];

    /// <summary>What is compared where no option says otherwise: by the recipe of the protocol.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="ArgumentException">There is no such protocol.</exception>
    public ComparisonSettings Defaults(ParseResult parsed) => TrainingRecipe.For(parsed.GetRequiredValue(Protocol)).ApplyTo(Reference);

    /// <summary><paramref name="settings"/> with every option that was given.</summary>
    /// <param name="settings">Where to start.</param>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    public ComparisonSettings Changed(ComparisonSettings settings, ParseResult parsed) => Changes
        .Where(change => parsed.GetResult(change.Option) is { Implicit: false })
        .Aggregate(settings, (changed, change) => change.Change(changed, change.Option.Name, parsed.GetRequiredValue(change.Option)));

    // In an order that lets later ones look at earlier ones.
    private IEnumerable<(Option<string> Option, Func<ComparisonSettings, string, string, ComparisonSettings> Change)> Changes =>
    [
        (Label, (settings, _, text) => settings with { Label = text }),
        (Header, (settings, _, text) => settings with { Header = text }),
        (Layers, (settings, name, text) => settings with { Layers = OptionText.Names(name, text) }),
        (Protocol, (settings, _, text) => settings with { Protocol = text }),
        (Seeds, (settings, name, text) => settings with { Seeds = OptionText.Seeds(name, text) }),
        (Epochs, (settings, name, text) => settings with { Epochs = OptionText.Whole(name, text, 1) }),
        (BatchSize, (settings, name, text) => settings with { BatchSize = OptionText.BatchSize(name, text) }),
        (P, (settings, name, text) => settings with { P = OptionText.Number(name, text) }),
        (Model, (settings, _, text) => settings with { Model = text, Hidden = null, After = null }),
        (Hidden, (settings, name, text) => settings with { Hidden = OptionText.Widths(name, text) }),
        (After, (settings, name, text) => settings with { After = OptionText.HiddenLayers(name, text, settings.HiddenLayers) }),
        (LearningRate, (settings, name, text) => settings with { LearningRate = OptionText.Number(name, text) }),
        (Decay, (settings, name, text) => settings with { Decay = OptionText.Number(name, text) }),
        (AdamEps, (settings, name, text) => settings with { AdamEps = OptionText.Number(name, text) }),
        (FirstLayerL2, (settings, name, text) => settings with { FirstLayerL2 = OptionText.Number(name, text) }),
        (InitialStd, (settings, name, text) => settings with { InitialStd = text == "default" ? null : OptionText.Number(name, text) }),
        (Standardize, (settings, name, text) => settings with { Standardize = OptionText.YesOrNo(name, text) }),
        (Patience, (settings, name, text) => settings with { Patience = text == "none" ? null : OptionText.Whole(name, text, 1) }),
        (NoiseEpochs, (settings, name, text) => settings with { NoiseEpochs = OptionText.NoiseEpochs(name, text) }),
    ];

    private static string Invariant(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static Option<string> Text(string name, string helpName, string description, string defaultValue) =>
        new(name) { HelpName = helpName, Description = description, DefaultValueFactory = _ => defaultValue };

    private static Option<string> ByRecipe(string name, string helpName, string description, Func<TrainingRecipe, string> value) => new(name)
    {
        HelpName = helpName,
        Description = $"{description} [default: {string.Join(", ", Experiments.Protocol.All.Select(protocol => $"{value(TrainingRecipe.For(protocol.Name))} for {protocol.Name}"))}]",
    };

    private static string ForEachModel(Func<ModelKind, IReadOnlyList<int>> values) =>
        string.Join("; ", ModelCatalog.All.Select(kind => $"{string.Join(',', values(kind))} for {kind.Name}"));

    private static string Known<T>(IEnumerable<T> kinds, Func<T, (string Name, string Summary)> describe) =>
        string.Join("; ", kinds.Select(describe).Select(kind => $"{kind.Name} ({kind.Summary})"));
}
