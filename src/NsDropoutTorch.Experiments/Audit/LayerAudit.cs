namespace NsDropoutTorch.Experiments.Audit;

/// <summary>The leakage audit's verdict on a layer: an entry of <c>audits</c> in <c>results.json</c>. Figures are means over seeds; null for layers that never see labels.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="TestError">Error without labels.</param>
/// <param name="TestErrorMeanMask">Error with the mean mask.</param>
/// <param name="TestErrorLabelMask">Error with masks of the true labels.</param>
/// <param name="MaskFollowingRate">Predictions that follow the mask of a random label.</param>
/// <param name="ChanceRate">What a model that does not look at its masks gets: 1/C.</param>
/// <param name="ChanceBound">What it gets at most, but for one audit in a thousand.</param>
/// <param name="Noise">The noise control; null also where it was left out.</param>
public sealed record LayerAudit(
    string Layer,
    LeakageVerdict Verdict,
    double TestError,
    double? TestErrorMeanMask,
    double? TestErrorLabelMask,
    double? MaskFollowingRate,
    double ChanceRate,
    double? ChanceBound,
    NoiseControl? Noise)
{
    /// <summary>The verdict in words, with its numbers.</summary>
    public string Sentence => AuditSentence.Of(this);

    /// <summary>The verdict on each layer.</summary>
    /// <param name="runs">All runs of a comparison.</param>
    public static IReadOnlyList<LayerAudit> Of(IReadOnlyList<RunResult> runs) =>
        [.. LayerSummary.Of(runs).Select(layer => Of(layer, [.. runs.Where(run => run.Layer == layer.Layer)]))];

    /// <summary>The verdict on a single network.</summary>
    /// <param name="layer">Its layer.</param>
    /// <param name="scores">What it scored on a test set.</param>
    /// <param name="noise">The noise control; null: there was none.</param>
    internal static LayerAudit Of(string layer, TestScores scores, NoiseControl? noise) =>
        Of(layer, scores.Confusion.Count, Samples(scores.Confusion), scores.Error, scores.ErrorMeanMask, scores.ErrorLabelMask, scores.MaskFollowingRate, noise);

    private static LayerAudit Of(LayerSummary layer, RunResult[] runs) => Of(
        layer.Layer,
        runs[0].Confusion.Count,
        runs.Sum(run => Samples(run.Confusion)),
        layer.TestError.Mean,
        Spread.Of(runs, run => run.Audit?.TestErrorMeanMask)?.Mean,
        layer.TestErrorLabelMask?.Mean,
        layer.MaskFollowingRate?.Mean,
        NoiseOf(runs));

    private static LayerAudit Of(
        string layer, int numClasses, long samples, double error, double? meanMask, double? labelMask, double? following, NoiseControl? noise)
    {
        var chance = 1.0 / numClasses;
        if (following is null)
        {
            return new(layer, LeakageVerdict.Clean, error, null, null, null, chance, null, null);
        }

        var bound = Audit.ChanceBound.RateOf((int)samples, chance);
        var depends = following > bound || noise?.MaskFollowingRate > bound;
        return new(layer, depends ? LeakageVerdict.MaskDependent : LeakageVerdict.Clean, error, meanMask, labelMask, following, chance, bound, noise);
    }

    private static long Samples(IReadOnlyList<IReadOnlyList<long>> confusion) => confusion.Sum(row => row.Sum());

    private static NoiseControl? NoiseOf(RunResult[] runs)
    {
        var controls = runs.Select(run => run.Audit?.Noise).OfType<NoiseControl>().ToArray();
        return controls.Length < runs.Length ? null : new(
            controls[0].Epochs,
            controls.Average(control => control.TestError),
            controls.Average(control => control.TestErrorLabelMask),
            controls.Average(control => control.MaskFollowingRate));
    }
}
