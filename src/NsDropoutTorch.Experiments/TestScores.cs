namespace NsDropoutTorch.Experiments;

/// <summary>What a trained model scores on the test set. Errors and rates are fractions in [0, 1].</summary>
/// <param name="Error">Error without labels: the only figure that says how the model generalises.</param>
/// <param name="Confusion">Counts without labels; entry [i][j] is of true class i predicted as j.</param>
/// <param name="ErrorLabelMask">Error with masks chosen by the true label: it leaks the answer. Null for models that never see labels.</param>
/// <param name="MaskFollowingRate">
/// How often the prediction is the label whose mask was applied, under random labels: 1/C for a model that does not look at the mask, 1 for one that reads
/// nothing else. Null for models that never see labels.
/// </param>
/// <param name="ErrorMeanMask">Error with the mean of all masks, which needs no label. Null for models that never see labels.</param>
public sealed record TestScores(
    double Error,
    IReadOnlyList<IReadOnlyList<long>> Confusion,
    double? ErrorLabelMask,
    double? MaskFollowingRate,
    double? ErrorMeanMask)
{
    /// <summary>Mean cross-entropy without labels.</summary>
    public required double Loss { get; init; }

    /// <summary>What was not finite: weights, or a loss without labels or with masks; null: everything was.</summary>
    public string? NotFinite { get; init; }
}
