namespace NsDropoutTorch.Training;

/// <summary>What follows from counts of samples by true and predicted class, as <see cref="ConfusionCount"/> takes them.</summary>
public static class ConfusionMatrix
{
    /// <summary>The part of the samples off the diagonal, in [0, 1].</summary>
    /// <param name="confusion">Entry [i][j] counts the samples of class i that were predicted as class j; at least one sample in all.</param>
    public static double Error(IReadOnlyList<IReadOnlyList<long>> confusion)
    {
        var all = confusion.Sum(row => row.Sum());
        var right = confusion.Select((row, i) => row[i]).Sum();
        return (double)(all - right) / all;
    }
}
