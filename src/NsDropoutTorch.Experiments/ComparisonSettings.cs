using NsDropoutTorch.Training;

namespace NsDropoutTorch.Experiments;

/// <summary>What is compared and how: immutable, checked when set. The defaults are those of the reference notebooks on MNIST.</summary>
public sealed record ComparisonSettings
{
    /// <summary>Name of the data set, for the record.</summary>
    public required string Dataset { get; init; }

    /// <summary>Layers by name; the first is the one others are compared with.</summary>
    public IReadOnlyList<string> Layers
    {
        get;
        init => field = Require.Distinct([.. value.Select(name => LayerCatalog.Find(name).Name)], "layers");
    } = [.. LayerCatalog.All.Select(kind => kind.Name)];

    /// <summary>Name of the protocol that divides the data.</summary>
    public string Protocol { get; init => field = Experiments.Protocol.Find(value).Name; } = "reference";

    /// <summary>One run per layer and seed; a seed sets the split, the initialisation, the order of samples and the layers' draws.</summary>
    public IReadOnlyList<long> Seeds { get; init => field = Require.Distinct(value, "seeds"); } = [22];

    /// <summary>Epochs of each run, at least 1.</summary>
    public int Epochs { get; init => field = (int)Require.AtLeast(1, value, "epochs"); } = 180;

    /// <summary>Samples per step, at least 1; null: full batch.</summary>
    public int? BatchSize { get; init => field = value is { } size ? (int)Require.AtLeast(1, size, "batch size") : null; }

    /// <summary>Rate of units dropped, in [0, 1).</summary>
    public double P { get; init => field = Require.Rate(value, "p"); } = 0.2;

    /// <summary>Name of the network.</summary>
    public string Model { get; init => field = ModelCatalog.Find(value).Name; } = "mlp";

    /// <summary>Widths of its hidden layers, each at least 1; the regularising layer comes after the first.</summary>
    public IReadOnlyList<int> Hidden
    {
        get;
        init => field = value.Count == 0
            ? throw Require.Broken("hidden must hold at least one width, but got none.")
            : [.. value.Select(width => (int)Require.AtLeast(1, width, "each width of hidden"))];
    } = [128, 128, 128];

    /// <summary>Adam's initial learning rate, above 0.</summary>
    public double LearningRate { get; init => field = Require.Positive(value, "learning rate"); } = 0.005;

    /// <summary>Decay of the learning rate: lr / (1 + decay · iteration).</summary>
    public double Decay { get; init => field = Require.NotNegative(value, "decay"); } = 5e-7;

    /// <summary>Adam's ε, above 0.</summary>
    public double AdamEps { get; init => field = Require.Positive(value, "Adam's eps"); } = 1e-7;

    /// <summary>Factor on Σw² of weights and biases of the first layer.</summary>
    public double FirstLayerL2 { get; init => field = Require.NotNegative(value, "first layer L2"); } = 5e-4;

    /// <summary>Standard deviation of the initial weights; biases begin at 0.</summary>
    public double InitialStd { get; init => field = Require.Positive(value, "initial std"); } = 0.01;

    /// <summary>Epochs of the noise control of layers that read labels; 0: no control; null: as many as of the run.</summary>
    public int? NoiseEpochs { get; init => field = value is { } epochs ? (int)Require.AtLeast(0, epochs, "noise epochs") : null; }

    /// <summary>The seed whose examples, masks and gaps are kept: they are large, one seed is enough to look at, and the lowest is the same in any order.</summary>
    internal long ShownSeed => Seeds.Min();
}
