namespace NsDropoutTorch.Experiments.Audit;

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
        Spread.Of(scored, run => run.Audit?.TestErrorMeanMask)?.Mean,
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
