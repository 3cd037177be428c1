using NsDropoutTorch.Data;

namespace NsDropoutTorch.Experiments.Statistics;

/// <summary>
/// Two-sided sign-flip permutation test of paired differences (Fisher, "The Design of Experiments", 1935, section 21): if the layers were equal, each
/// difference could as well have had the other sign; p is the share of sign patterns whose sum is at least as far from 0 as the one observed.
/// </summary>
public static class SignFlipTest
{
    /// <summary>Up to so many pairs every sign pattern is counted; beyond, p is estimated from seeded random ones.</summary>
    public const int MostExactPairs = 20;

    private const int RandomPatterns = 99_999;
    private const long Seed = 0;

    // Sums of the same values in another order differ by roundings; so much of their size still counts as equal.
    private const double Rounding = 1e-12;

    /// <summary>The smallest p that <paramref name="pairs"/> differences can show: 2 of 2ⁿ patterns.</summary>
    /// <param name="pairs">Number of differences n, at least 1.</param>
    public static double SmallestP(int pairs) => Math.Pow(2, 1 - pairs);

    /// <summary>The p-value, in (0, 1]; null without differences.</summary>
    /// <param name="differences">Paired differences.</param>
    /// <exception cref="ArgumentException">A difference is not finite.</exception>
    public static double? P(IReadOnlyList<double> differences)
    {
        Sample.CheckFinite(differences);
        if (differences.Count == 0)
        {
            return null;
        }

        var threshold = Math.Abs(differences.Sum()) - (Rounding * differences.Sum(Math.Abs));
        return differences.Count <= MostExactPairs ? Exact(differences, threshold) : Estimated(differences, threshold);
    }

    // A pattern and its opposite are equally far from 0, so the first sign can stay.
    private static double Exact(IReadOnlyList<double> differences, double threshold) =>
        CountBeyond(differences, 1, differences[0], threshold) / Math.Pow(2, differences.Count - 1);

    private static long CountBeyond(IReadOnlyList<double> differences, int next, double sum, double threshold) =>
        next == differences.Count
            ? Math.Abs(sum) >= threshold ? 1 : 0
            : CountBeyond(differences, next + 1, sum + differences[next], threshold)
                + CountBeyond(differences, next + 1, sum - differences[next], threshold);

    // The observed pattern is one of the patterns, so p is never 0.
    private static double Estimated(IReadOnlyList<double> differences, double threshold)
    {
        var random = new SeededRandom(Seed, SeedStream.SignFlips);
        var beyond = 1;
        for (var i = 0; i < RandomPatterns; i++)
        {
            var sum = 0.0;
            foreach (var difference in differences)
            {
                sum += random.Below(2) == 0 ? difference : -difference;
            }

            beyond += Math.Abs(sum) >= threshold ? 1 : 0;
        }

        return (double)beyond / (RandomPatterns + 1);
    }
}

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
