namespace NsDropoutTorch.Experiments.Statistics;

/// <summary>
/// Holm's step-down correction ("A simple sequentially rejective multiple test procedure", 1979): with adjusted p-values below α the chance of even one false
/// discovery among all tests is at most α.
/// </summary>
public static class HolmCorrection
{
    /// <summary>
    /// Adjusted p-values in the order given: the i-th smallest of m, counted from 0, is multiplied by m − i, is no smaller than those before it and no
    /// larger than 1.
    /// </summary>
    /// <param name="pValues">All p-values of one family.</param>
    /// <exception cref="ArgumentException">One is no probability.</exception>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        Sample.CheckWithin(pValues, 0, 1);
        var adjusted = new double[pValues.Count];
        var largest = 0.0;
        foreach (var (rank, index) in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).Index())
        {
            largest = Math.Max(largest, Math.Min(1, pValues[index] * (pValues.Count - rank)));
            adjusted[index] = largest;
        }

        return adjusted;
    }
}
