using System.Globalization;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>Whether a layer that reads labels hands the answer to its network.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Error">Mean error without labels.</param>
/// <param name="ErrorLabelMask">Mean error with masks of the true labels.</param>
/// <param name="FollowingRate">How often the answer is the label of a random mask.</param>
/// <param name="ChanceRate">How often it would be for a network that does not look at the mask: 1/C.</param>
/// <param name="Noise">Standard error of that rate over all samples tested.</param>
internal sealed record AuditVerdict(string Layer, double Error, double ErrorLabelMask, double FollowingRate, double ChanceRate, double Noise)
{
    // Chance alone exceeds four standard errors once in thirty thousand times.
    private const double Certain = 4;
    private const double Mostly = 0.5;

    /// <summary>Whether the mask moves answers towards its label by more than chance.</summary>
    public bool DependsOnMask => FollowingRate > ChanceRate + (Certain * Noise) || Error - ErrorLabelMask > Certain * Noise;

    /// <summary>The verdict in a few words.</summary>
    public string Headline => !DependsOnMask ? $"{Layer} does not follow its label masks"
        : FollowingRate > Mostly ? $"{Layer} reads the answer off its mask"
        : $"{Layer} leans on its label masks";

    /// <summary>The verdict in full, with its numbers.</summary>
    public string Sentence => string.Create(CultureInfo.InvariantCulture, $"{WithLabels} {Following}");

    private string WithLabels =>
        $"With masks chosen by the true label, {Layer} errs on {Words.Percent(ErrorLabelMask)} of the test set; without labels the same weights err on {Words.Percent(Error)}.";

    private string Following => DependsOnMask
        ? $"Given the mask of a random label, its answer is that label {Words.Percent(FollowingRate)} of the time, where chance would give "
            + $"{Words.Percent(ChanceRate)}. The label-mask figure is no score: whoever chose the mask knew the answer."
        : $"Given the mask of a random label, its answer is that label {Words.Percent(FollowingRate)} of the time, no more than chance, which gives {Words.Percent(ChanceRate)}.";

    /// <summary>The verdict on each layer that reads labels.</summary>
    /// <param name="runs">All runs.</param>
    public static IReadOnlyList<AuditVerdict> Of(IReadOnlyList<RunResult> runs) =>
    [
        .. LayerSummary.Of(runs)
            .Where(layer => layer.TestErrorLabelMask is not null && layer.MaskFollowingRate is not null)
            .Select(layer => Of(layer, [.. runs.Where(run => run.Layer == layer.Layer)])),
    ];

    private static AuditVerdict Of(LayerSummary layer, RunResult[] runs)
    {
        var chance = 1.0 / Math.Max(1, runs[0].Confusion.Count);
        var samples = Math.Max(1, runs.Sum(run => run.Confusion.Sum(row => row.Sum())));
        return new(
            layer.Layer,
            layer.TestError.Mean,
            layer.TestErrorLabelMask!.Mean,
            layer.MaskFollowingRate!.Mean,
            chance,
            Math.Sqrt(chance * (1 - chance) / samples));
    }
}
