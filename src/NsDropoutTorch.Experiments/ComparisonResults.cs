using System.Text.Json.Serialization;
using NsDropoutTorch.Experiments.Audit;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments;

/// <summary>The whole of <c>results.json</c>; tables and reports are pure functions of it. Errors are fractions in [0, 1].</summary>
/// <param name="Schema">Version of the document's structure: <see cref="CurrentSchema"/>.</param>
/// <param name="Environment">Where it ran.</param>
/// <param name="Settings">What was compared and how.</param>
/// <param name="Runs">One entry per layer and seed.</param>
/// <param name="Comparisons">Each layer against the first.</param>
public sealed record ComparisonResults(
    int Schema,
    RunEnvironment Environment,
    ComparisonSettings Settings,
    IReadOnlyList<RunResult> Runs,
    IReadOnlyList<PairedComparison> Comparisons)
{
    /// <summary>The version of the document's structure that this code writes and reads.</summary>
    public const int CurrentSchema = RunJson.CurrentSchema;

    /// <summary>The leakage audit's verdict on each layer.</summary>
    public IReadOnlyList<LayerAudit> Audits { get; init; } = [];

    /// <summary>What a source published of the same experiment; null for a comparison of no source, and then left out of the document.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PublishedResults? Published { get; init; }

    /// <summary>Layers whose rate was chosen, where <see cref="ComparisonSettings.TuneBy"/> asks for it; null, and left out of the document, where not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TunedLayer>? Tuned { get; init; }

    /// <summary>Methods with the rates that were chosen, each against the first and against the first whose rate was chosen; null, and left out of the document, where no rate is tuned.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PairedComparison>? TunedComparisons { get; init; }

    /// <summary>What there is to say before the first run has ended.</summary>
    internal const string NoRuns = "No run has finished.";

    /// <summary>The results of all runs of a comparison.</summary>
    /// <param name="environment">Where it ran.</param>
    /// <param name="settings">What was compared and how.</param>
    /// <param name="runs">Its runs, those of the baseline first.</param>
    /// <exception cref="ArgumentException">A figure of a run that is not marked as diverged is not finite.</exception>
    public static ComparisonResults Of(RunEnvironment environment, ComparisonSettings settings, IReadOnlyList<RunResult> runs)
    {
        RunResult[] kept = [.. runs.Select(run => run.Seed == settings.ShownSeed ? run : run with { Examples = null, Masks = null, Gaps = null })];
        return new ComparisonResults(CurrentSchema, environment, settings, kept, []).Computed();
    }

    /// <summary>The same with all that follows from the runs. Where no run of the baseline is there nothing is compared: another layer would be taken for it.</summary>
    internal ComparisonResults Computed() => this with
    {
        Comparisons = HasBaseline ? PairedComparison.Of(Runs) : [],
        Audits = LayerAudit.Of(Runs),
        Tuned = Settings.TuneBy is null ? null : TunedLayer.Of(Runs),
        TunedComparisons = Settings.TuneBy is null ? null : HasBaseline ? Experiments.TunedComparisons.Of(Runs) : [],
    };

    private bool HasBaseline => Runs.Count > 0 && Runs[0].Layer == Settings.Layers[0].ToString();

    /// <summary>The table of <see cref="ResultsTable"/> as plain text.</summary>
    public override string ToString() => Runs.Count == 0 ? NoRuns : ResultsTable.Of(this).ToString();
}
