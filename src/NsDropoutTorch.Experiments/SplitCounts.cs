using NsDropoutTorch.Training.Data;

namespace NsDropoutTorch.Experiments;

/// <summary>How many samples of each class the parts of a run's training set have: <c>split</c> of a run in <c>results.json</c>.</summary>
/// <param name="Fit">What the weights were fitted to.</param>
/// <param name="MaskStatistics">What layers that learn from validation activations were shown; a layer without use for it may have fitted to it too.</param>
/// <param name="Selection">What scored the epochs.</param>
public sealed record SplitCounts(IReadOnlyList<long> Fit, IReadOnlyList<long> MaskStatistics, IReadOnlyList<long> Selection)
{
    /// <summary>The counts of a split.</summary>
    /// <param name="split">Rows of <paramref name="train"/>.</param>
    /// <param name="fitRows">The rows fitted to.</param>
    /// <param name="train">The training set.</param>
    /// <param name="numClasses">Number of classes.</param>
    internal static SplitCounts Of(DataSplit split, long[] fitRows, SampleSet train, int numClasses)
    {
        return new(Count(fitRows), Count(split.MaskStatistics), Count(split.Selection));

        long[] Count(long[] rows)
        {
            var counts = new long[numClasses];
            foreach (var row in rows)
            {
                counts[train.Labels[row]]++;
            }

            return counts;
        }
    }
}
