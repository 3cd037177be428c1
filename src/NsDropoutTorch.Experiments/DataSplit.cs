namespace NsDropoutTorch.Experiments;

/// <summary>Rows of the training set by what they are used for; the data set's own test set is the fourth part.</summary>
/// <param name="Fit">Rows the weights are fitted to.</param>
/// <param name="MaskStatistics">Rows shown to layers that learn from validation activations.</param>
/// <param name="Selection">Rows that score epochs; may be the same array as <paramref name="MaskStatistics"/>, or empty where nothing is selected.</param>
public sealed record DataSplit(long[] Fit, long[] MaskStatistics, long[] Selection)
{
    /// <summary>Whether one set of rows serves as mask statistics and for selection.</summary>
    public bool SharesSelection => ReferenceEquals(MaskStatistics, Selection);

    /// <summary>
    /// The rows a model is fitted to: where mask statistics are a part of their own and the model has no use for them, it gets them as training data,
    /// so that every layer has had the same labels.
    /// </summary>
    /// <param name="needsCapture">Whether the model learns from validation activations.</param>
    public long[] FitRows(bool needsCapture) => needsCapture || SharesSelection ? Fit : [.. Fit, .. MaskStatistics];
}
