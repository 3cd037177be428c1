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
            $"n = {pairs} {Seeds(pairs)} can never show p < 0.05{family}: "
            + $"the smallest p-value that a sign-flip test{corrected} can give is {smallest:0.####}. It takes {Needed(comparisons)} seeds.");
    }

    /// <summary>The plain words where seeds are too few for a 95 % interval; null where they are enough, and where there are none.</summary>
    /// <param name="seeds">Seeds with a result.</param>
    public static string? WithoutInterval(int seeds) => seeds == 0 || SignFlipTest.SmallestP(seeds) <= 1 - MeanInterval.Confidence ? null : string.Create(
        CultureInfo.InvariantCulture, $"n = {seeds} {Seeds(seeds)} can give no 95 % interval that holds: it takes {ForAnInterval} seeds.");

    /// <summary>The fewest seeds that can give a 95 % interval.</summary>
    internal static int ForAnInterval => Needed(1);

    private static string Seeds(int count) => count == 1 ? "seed" : "seeds";

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
