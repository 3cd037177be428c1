using System.Text.Json.Serialization;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments.Audit;

/// <summary>The leakage audit's verdict on a layer: an entry of <c>audits</c> in <c>results.json</c>. Figures are means over seeds; null for layers that never see labels.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Verdict">The verdict; null where every run diverged, or nothing tells how many samples it was tested on.</param>
/// <param name="TestError">Error without labels; NaN, and null in the document, where every run diverged.</param>
/// <param name="TestErrorMeanMask">Error with the mean mask.</param>
/// <param name="TestErrorLabelMask">Error with masks of the true labels.</param>
/// <param name="MaskFollowingRate">Predictions that follow the mask of a random label.</param>
/// <param name="ChanceRate">What a model that does not look at its masks gets: 1/C; NaN, and null in the document, where every run diverged.</param>
/// <param name="ChanceBound">What it gets at most in all <paramref name="RatesTested"/>, but for one comparison in a thousand.</param>
/// <param name="Noise">The noise control; null also where it was left out.</param>
/// <param name="RatesTested">How many rates the whole comparison tests.</param>
public sealed record LayerAudit(
    string Layer,
    LeakageVerdict? Verdict,
    double TestError,
    double? TestErrorMeanMask,
    double? TestErrorLabelMask,
    double? MaskFollowingRate,
    double ChanceRate,
    double? ChanceBound,
    NoiseControl? Noise,
    int? RatesTested = null)
{
    /// <summary>The runs that diverged, which no figure and no verdict takes in.</summary>
    public IReadOnlyList<Divergence> Diverged { get; init; } = [];

    /// <summary>The verdict in words, with its numbers.</summary>
    public string Sentence => AuditSentence.Of(this);

    /// <summary>How loud the sentence is.</summary>
    internal Tone Tone => Verdict == LeakageVerdict.MaskDependent ? Tone.Warning : Tone.Plain;

    /// <summary>The verdict on each layer.</summary>
    /// <param name="runs">All runs of a comparison.</param>
    /// <exception cref="ArgumentException">A figure of a run that is not marked as diverged is not finite.</exception>
    public static IReadOnlyList<LayerAudit> Of(IReadOnlyList<RunResult> runs)
    {
        AuditedLayer[] layers = [.. LayerSummary.Of(runs).Select(layer => AuditedLayer.Of(layer, [.. runs.Where(run => run.Layer == layer.Layer && run.Diverged is null)]))];
        var rates = layers.Sum(layer => layer.Rates.Count());
        return [.. layers.Select(layer => Of(layer, rates))];
    }

    /// <summary>The verdict on a single network.</summary>
    /// <param name="layer">Its layer.</param>
    /// <param name="scores">What it scored on a test set.</param>
    /// <param name="noise">The noise control; null: there was none.</param>
    internal static LayerAudit Of(string layer, TestScores scores, NoiseControl? noise)
    {
        var audited = AuditedLayer.Of(layer, scores, noise);
        return Of(audited, audited.Rates.Count());
    }

    /// <summary>No verdict.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="diverged">How all its runs diverged.</param>
    internal static LayerAudit Of(string layer, IReadOnlyList<Divergence> diverged) =>
        new(layer, null, double.NaN, null, null, null, double.NaN, null, null) { Diverged = diverged };

    private static LayerAudit Of(AuditedLayer layer, int rates)
    {
        if (!layer.CanBeJudged)
        {
            return Of(layer.Name, layer.Diverged);
        }

        var chance = 1.0 / layer.NumClasses;
        if (layer.MaskFollowingRate is null)
        {
            return new(layer.Name, LeakageVerdict.Clean, layer.TestError, null, null, null, chance, null, null) { Diverged = layer.Diverged };
        }

        var bound = Audit.ChanceBound.RateOf((int)layer.Samples, chance, rates);
        var depends = layer.Rates.Any(rate => Audit.ChanceBound.IsExceededBy(rate, bound, layer.Samples));
        return new(
            layer.Name,
            depends ? LeakageVerdict.MaskDependent : LeakageVerdict.Clean,
            layer.TestError,
            layer.TestErrorMeanMask,
            layer.TestErrorLabelMask,
            layer.MaskFollowingRate,
            chance,
            bound,
            layer.Noise,
            rates)
        {
            Diverged = layer.Diverged,
        };
    }
}

/// <summary>Whether labels reach the answer by way of a layer's masks.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LeakageVerdict>))]
public enum LeakageVerdict
{
    /// <summary>No label moves an answer by more than chance explains.</summary>
    [JsonStringEnumMemberName("clean")]
    Clean,

    /// <summary>Answers follow the mask's label, so scores with masks of the true labels are no scores.</summary>
    [JsonStringEnumMemberName("mask-dependent")]
    MaskDependent,
}

/// <summary>What the audit of a layer judges: means over the runs with a result.</summary>
internal sealed record AuditedLayer(
    string Name,
    int NumClasses,
    long Samples,
    double TestError,
    double? TestErrorMeanMask,
    double? TestErrorLabelMask,
    double? MaskFollowingRate,
    NoiseControl? Noise,
    IReadOnlyList<Divergence> Diverged)
{
    /// <summary>Whether there is a result, and with it the number of samples that chance is to be reckoned by where a label is read.</summary>
    public bool CanBeJudged => !double.IsNaN(TestError) && (MaskFollowingRate is null || Samples > 0);

    /// <summary>The rates that are tested against chance; each takes in all runs at once.</summary>
    public IEnumerable<double> Rates => new[] { MaskFollowingRate, Noise is { Diverged: null } noise ? noise.MaskFollowingRate : null }.OfType<double>();

    /// <summary>A layer over seeds.</summary>
    /// <param name="layer">Its summary.</param>
    /// <param name="scored">Its runs with a result; there may be none.</param>
    public static AuditedLayer Of(LayerSummary layer, RunResult[] scored) => new(
        layer.Layer,
        scored.Length == 0 ? 0 : scored[0].Confusion.Count,
        scored.Sum(run => SamplesOf(run.Confusion)),
        layer.TestError?.Mean ?? double.NaN,
        LayerSummary.Summarize(scored, run => run.Audit?.TestErrorMeanMask)?.Mean,
        layer.TestErrorLabelMask?.Mean,
        layer.MaskFollowingRate?.Mean,
        NoiseOf(scored),
        layer.Diverged);

    /// <summary>A single network.</summary>
    /// <param name="name">Its layer.</param>
    /// <param name="scores">What it scored on a test set.</param>
    /// <param name="noise">The noise control; null: there was none.</param>
    public static AuditedLayer Of(string name, TestScores scores, NoiseControl? noise) => new(
        name,
        scores.Confusion.Count,
        SamplesOf(scores.Confusion),
        scores.Error,
        scores.ErrorMeanMask,
        scores.ErrorLabelMask,
        scores.MaskFollowingRate,
        noise,
        []);

    private static long SamplesOf(IReadOnlyList<IReadOnlyList<long>> confusion) => confusion.Sum(row => row.Sum());

    // One that diverged takes the others with it: their mean would be of fewer seeds than the run it stands beside.
    private static NoiseControl? NoiseOf(RunResult[] runs)
    {
        var controls = runs.Select(run => run.Audit?.Noise).OfType<NoiseControl>().ToArray();
        if (controls.Length == 0 || controls.Length < runs.Length)
        {
            return null;
        }

        return controls.FirstOrDefault(control => control.Diverged is not null) ?? new NoiseControl(
            controls[0].Epochs,
            controls.Average(control => control.TestError),
            controls.Average(control => control.TestErrorLabelMask),
            controls.Average(control => control.MaskFollowingRate));
    }
}
