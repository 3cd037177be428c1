using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Data.Formats;
using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Models;
using NsDropoutTorch.Experiments.Protocols;

namespace NsDropoutTorch.Experiments.Runs;

/// <summary>What is compared and how: immutable, checked when set. The defaults are those of the reference notebooks on MNIST.</summary>
public sealed record ComparisonSettings
{
    private const string BySelection = "selection";

    /// <summary>Name of the data set, for the record.</summary>
    public required string Dataset { get; init; }

    /// <summary>Where the data set was read, for the record; null where it was found by its name.</summary>
    public string? DatasetPath { get; init; }

    /// <summary>The column of a CSV file that holds the class, as <see cref="CsvOptions.LabelColumn"/> writes it; null: as the file says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Label { get; init => field = value is "" ? throw Require.Broken("the label column must be a name, a number, first or last, but got ''.") : value; }

    /// <summary>Whether the first row of a CSV file holds names.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public CsvHeader Header { get; init; }

    /// <summary>Layers; the first is the one others are compared with.</summary>
    public IReadOnlyList<LayerSpecification> Layers { get; init => field = Require.Distinct([.. value], "layers"); } = ["none", "dropout", "nsdropout:label-free=true", "nsdropout"];

    /// <summary>The protocol that divides the data.</summary>
    public Protocol Protocol { get; init; } = Protocol.Reference;

    /// <summary>How many samples of the training set are used, at least 1, drawn by each seed; null: all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TrainSamples { get; init => field = value is { } samples ? (int)Require.AtLeast(1, samples, "training samples") : null; }

    /// <summary>One run per layer and seed; a seed sets the split, the initialisation, the order of samples and the layers' draws.</summary>
    public IReadOnlyList<long> Seeds { get; init => field = Require.Distinct(value, "seeds"); } = [22];

    /// <summary>Epochs of each run, at least 1; fewer are run where <see cref="Patience"/> ends it.</summary>
    public int Epochs { get; init => field = (int)Require.AtLeast(1, value, "epochs"); } = 180;

    /// <summary>Samples per step, at least 1; null: full batch.</summary>
    public int? BatchSize { get; init => field = value is { } size ? (int)Require.AtLeast(1, size, "batch size") : null; }

    /// <summary>Rate of layers that name none, in [0, 1).</summary>
    public double P { get; init => field = Require.Rate(value, "p"); } = 0.2;

    /// <summary>The network.</summary>
    public ModelKind Model { get; init; } = ModelCatalog.Mlp;

    /// <summary>Widths of its linear hidden layers, each at least 1; null: those that are usual for it.</summary>
    [AllowNull]
    public IReadOnlyList<int> Hidden
    {
        get => field ?? Model.Hidden;
        init => field = value is { Count: 0 }
            ? throw Require.Broken("hidden must hold at least one width, but got none.")
            : value?.Select(width => (int)Require.AtLeast(1, width, "each width of hidden")).ToArray();
    }

    /// <summary>The hidden layers that are regularised, counted from 1; null: those that are usual for the network.</summary>
    [AllowNull]
    public IReadOnlyList<int> After
    {
        get => field ?? Model.After;
        init => field = value is null ? null : Require.Distinct([.. value.Select(hidden => (int)Require.AtLeast(1, hidden, "each number of after"))], "after");
    }

    /// <summary>Adam's initial learning rate, above 0.</summary>
    public double LearningRate { get; init => field = Require.Positive(value, "learning rate"); } = 0.005;

    /// <summary>Decay of the learning rate: lr / (1 + decay · iteration).</summary>
    public double Decay { get; init => field = Require.NotNegative(value, "decay"); } = 5e-7;

    /// <summary>Adam's ε, above 0.</summary>
    public double AdamEps { get; init => field = Require.Positive(value, "Adam's eps"); } = 1e-7;

    /// <summary>Factor on Σw² of weights and biases of the first layer.</summary>
    public double FirstLayerL2 { get; init => field = Require.NotNegative(value, "first layer L2"); } = 5e-4;

    /// <summary>Standard deviation of the initial weights, and biases begin at 0; null: TorchSharp's own initialisation.</summary>
    public double? InitialStd { get; init => field = value is { } std ? Require.Positive(std, "initial std") : null; } = 0.01;

    /// <summary>Whether inputs are standardised, by statistics of the part fitted to alone: each measurement, or each channel of images.</summary>
    public bool Standardize { get; init; }

    /// <summary>Epochs without a lower selection error that end a run, at least 1; null: all epochs are run.</summary>
    public int? Patience { get; init => field = value is { } patience ? (int)Require.AtLeast(1, patience, "patience") : null; }

    /// <summary>Name of the recipe that all this amounts to: <c>notebooks</c>, <c>practice</c>, or <c>own</c>.</summary>
    public string Recipe => TrainingRecipe.NameOf(this);

    /// <summary>Epochs of the noise control of layers that read labels; 0: no control; null: as many as of the run.</summary>
    public int? NoiseEpochs { get; init => field = value is { } epochs ? (int)Require.AtLeast(0, epochs, "noise epochs") : null; }

    /// <summary>What chooses the rate of layers that are run with several, for each seed: <c>selection</c>, the selection part; null: nothing does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TuneBy { get; init => field = value is null or BySelection ? value : throw Require.Broken($"what the rate is tuned by must be {BySelection}, but got '{value}'."); }

    /// <summary>How a CSV file is read.</summary>
    public CsvOptions ToCsvOptions() => new() { LabelColumn = Label, Header = Header };

    /// <summary>The seed whose examples, masks and gaps are kept: they are large, one seed is enough to look at, and the lowest is the same in any order.</summary>
    internal long ShownSeed => Seeds.Min();

    /// <summary>Number of hidden layers of the network, linear ones and those before them.</summary>
    [JsonIgnore]
    public int HiddenLayers => Model.Before.Count + Hidden.Count;

    /// <summary>These settings, if every layer has a form for the places where it is to stand.</summary>
    /// <exception cref="ArgumentException">There is no such hidden layer, a layer cannot stand there, a rate is to be found in a single epoch, or the protocol has no part to tune a rate on.</exception>
    public ComparisonSettings CheckPlaces()
    {
        foreach (var hidden in After)
        {
            CheckPlace(hidden);
        }

        if (Epochs < 2 && Layers.FirstOrDefault(layer => layer.Kind.FindsRate) is { } searched)
        {
            throw Require.Broken($"epochs must be at least 2 for {searched.Kind.Name}, one to find the rate in and one to train with it, but got 1.");
        }

        return TuneBy is null || Protocol is { Selects: true, SelectsWithLabelMasks: false } ? this : throw Require.Broken(
            $"a rate must be tuned on a part that is held out and scored without labels, but the {Protocol.Name} protocol has none; {Protocol.Holdout.Name} has.");
    }

    private void CheckPlace(int hidden)
    {
        if (hidden > HiddenLayers)
        {
            throw Require.Broken(Invariant($"after must hold numbers of hidden layers, of which {Model.Name} has {HiddenLayers} here, but got {hidden}."));
        }

        var place = Model.PlaceOf(hidden);
        if (Layers.FirstOrDefault(layer => !layer.Kind.Fits(place)) is { } misfit)
        {
            var (activations, layer) = place switch
            {
                HiddenPlace.Convolution => ("channels", "a convolution"),
                HiddenPlace.Convolution3d => ("channels of volumes", "a convolution of volumes"),
                HiddenPlace.Recurrent => ("sequences", "recurrent"),
                HiddenPlace.Embedding => ("words", "an embedding"),
                _ => ("features", "linear"),
            };
            throw Require.Broken(
                $"a layer must have a form for the place where it stands, but {misfit.Kind.Name} has none for {activations}, "
                + Invariant($"and hidden layer {hidden} of {Model.Name} is {layer}."));
        }

        var linear = Layers.SelectMany(layer => layer.Kind.LinearOptions.Where(layer.Gives), (layer, option) => (Layer: layer.Kind.Name, Option: option.Name)).FirstOrDefault();
        if (place is HiddenPlace.Convolution && linear.Option is not null)
        {
            throw Require.Broken(
                $"options of {linear.Layer} must be those of a convolution, which {linear.Option} is not, "
                + Invariant($"but hidden layer {hidden} of {Model.Name} is one: leave it out, or compare after linear layers alone."));
        }
    }
}
