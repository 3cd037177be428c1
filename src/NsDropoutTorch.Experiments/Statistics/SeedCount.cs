using System.Globalization;

namespace NsDropoutTorch.Experiments.Statistics;

/// <summary>Whether there are enough seeds for a comparison to show anything, whatever it measured.</summary>
public static class SeedCount
{
    /// <summary>The p-value below which a difference is called more than chance.</summary>
    public const double Level = 0.05;

    /// <summary>The plain words where seeds are too few to ever show p &lt; 0.05; null where they are enough.</summary>
    /// <param name="pairs">Seeds that both layers of a comparison were run with.</param>
    /// <param name="comparisons">Comparisons that share Holm's correction.</param>
    public static string? Caution(int pairs, int comparisons)
    {
        var alone = SignFlipTest.SmallestP(pairs);
        if (pairs == 0 || alone * comparisons < Level)
        {
            return null;
        }

        var family = alone < Level ? Invariant($" in {comparisons} comparisons") : "";
        var smallest = alone < Level ? Math.Min(1, alone * comparisons) : alone;
        var corrected = alone < Level ? " and Holm's correction" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"n = {pairs} {(pairs == 1 ? "seed" : "seeds")} can never show p < 0.05{family}: "
            + $"the smallest p-value that a sign-flip test{corrected} can give is {smallest:0.####}. It takes {Needed(comparisons)} seeds.");
    }

    private static int Needed(int comparisons)
    {
        var pairs = 1;
        while (SignFlipTest.SmallestP(pairs) * comparisons >= Level)
        {
            pairs++;
        }

        return pairs;
    }
}
