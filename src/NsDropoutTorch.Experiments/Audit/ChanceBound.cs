using MathNet.Numerics.Distributions;

namespace NsDropoutTorch.Experiments.Audit;

/// <summary>
/// How often a model that does not look at its masks may still answer with a random label. The labels are drawn uniformly and apart from everything else, so
/// whatever the model answers, the number of agreements among n samples of C classes is binomial with n and 1/C: exactly, not by approximation. The rates
/// of a comparison share one chance of a false alarm (Bonferroni), however they hang together.
/// </summary>
public static class ChanceBound
{
    /// <summary>Share of comparisons in which chance alone takes any of the rates beyond its bound, at most.</summary>
    public const double FalseAlarms = 0.001;

    /// <summary>The smallest rate k/n with P(X &gt; k) ≤ <see cref="FalseAlarms"/> / <paramref name="rates"/>.</summary>
    /// <param name="samples">Number of samples n, at least 1.</param>
    /// <param name="chance">Probability of an agreement, 1/C.</param>
    /// <param name="rates">Number of rates that are tested, at least 1.</param>
    /// <exception cref="ArgumentException">An argument breaks its rule.</exception>
    public static double RateOf(int samples, double chance, int rates)
    {
        Require.Share(chance, "chance");
        var allowed = FalseAlarms / Require.AtLeast(1, rates, "number of rates");
        var (low, high) = (0, (int)Require.AtLeast(1, samples, "number of samples"));
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (1 - Binomial.CDF(chance, samples, middle) <= allowed)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return (double)low / samples;
    }

    /// <summary>Whether a rate is more than a bound of so many samples; a rate that is equal but for the roundings of a mean is not.</summary>
    internal static bool IsExceededBy(double rate, double bound, long samples) => (rate - bound) * samples > 0.5;
}
