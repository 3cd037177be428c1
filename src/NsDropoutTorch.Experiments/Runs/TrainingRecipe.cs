using System.Globalization;
using NsDropoutTorch.Experiments.Protocols;

namespace NsDropoutTorch.Experiments.Runs;

/// <summary>How networks are trained where nobody says otherwise: what a protocol brings along on the command line.</summary>
/// <param name="Name">Its name in results.</param>
/// <param name="Epochs">Epochs of each run, at most.</param>
/// <param name="BatchSize">Samples per step; null: full batch.</param>
/// <param name="LearningRate">Adam's initial learning rate.</param>
/// <param name="Decay">Decay of the learning rate.</param>
/// <param name="AdamEps">Adam's ε.</param>
/// <param name="FirstLayerL2">Factor of the first layer's penalty.</param>
/// <param name="InitialStd">Standard deviation of the initial weights; null: TorchSharp's own initialisation.</param>
/// <param name="Standardize">Whether inputs are standardised by the part fitted to.</param>
/// <param name="Patience">Epochs without a lower selection error that end a run; null: all are run.</param>
public sealed record TrainingRecipe(
    string Name, int Epochs, int? BatchSize, double LearningRate, double Decay, double AdamEps, double FirstLayerL2, double? InitialStd, bool Standardize, int? Patience)
{
    private const string Changed = "own";

    /// <summary>That of the reference notebooks.</summary>
    public static TrainingRecipe Notebooks { get; } = new("notebooks", 180, null, 0.005, 5e-7, 1e-7, 5e-4, 0.01, false, null);

    /// <summary>What a practitioner would take, for a protocol that chooses the epoch.</summary>
    public static TrainingRecipe Practice { get; } = new("practice", 100, 128, 0.001, 0, 1e-8, 0, null, true, 10);

    /// <summary>The same where no part of the data could say when to stop.</summary>
    private static TrainingRecipe FixedPractice { get; } = Practice with { Epochs = 30, Patience = null };

    /// <summary>The recipe that goes with a protocol: the notebooks' with theirs, that of practice with all others.</summary>
    /// <param name="protocol">Name of the protocol.</param>
    /// <exception cref="ArgumentException">There is no such protocol.</exception>
    public static TrainingRecipe For(Protocol protocol) => protocol switch
    {
        ReferenceProtocol => Notebooks,
        { Selects: true } => Practice,
        _ => FixedPractice,
    };

    /// <summary>Settings that train by this recipe and otherwise are as they were.</summary>
    /// <param name="settings">The settings.</param>
    public ComparisonSettings ApplyTo(ComparisonSettings settings) => settings with
    {
        Epochs = Epochs,
        BatchSize = BatchSize,
        LearningRate = LearningRate,
        Decay = Decay,
        AdamEps = AdamEps,
        FirstLayerL2 = FirstLayerL2,
        InitialStd = InitialStd,
        Standardize = Standardize,
        Patience = Patience,
    };

    /// <summary>The name of the recipe that settings follow, whatever their number of epochs; <c>own</c> for any other.</summary>
    internal static string NameOf(ComparisonSettings settings) =>
        new[] { Notebooks, Practice, FixedPractice }.FirstOrDefault(recipe => recipe.ApplyTo(settings) with { Epochs = settings.Epochs } == settings)?.Name ?? Changed;

    /// <summary>What settings train by, in one line.</summary>
    public static string Describe(ComparisonSettings settings) => string.Create(CultureInfo.InvariantCulture, $"recipe: {Title(NameOf(settings))} ({string.Join(", ", Parts(settings))})");

    private static string Title(string name) => name switch
    {
        "notebooks" => "the notebooks'",
        _ => name,
    };

    private static IEnumerable<string> Parts(ComparisonSettings settings)
    {
        yield return settings.BatchSize is { } size ? Invariant($"batches of {size}") : "full batch";
        yield return Invariant($"lr {settings.LearningRate}");
        yield return settings.InitialStd is { } std ? Invariant($"weights {std}·N(0,1)") : "TorchSharp's initialisation";
        if (settings.FirstLayerL2 > 0)
        {
            yield return Invariant($"L2 {settings.FirstLayerL2}");
        }

        if (settings.Standardize)
        {
            yield return "inputs standardised";
        }

        if (settings.Patience is { } patience)
        {
            yield return Invariant($"patience {patience}");
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
