using MathNet.Numerics.Distributions;

namespace NsDropoutTorch.Experiments.Audit;

/// <summary>
/// How often a model that does not look at its masks may still answer with a random label. The labels are drawn uniformly and apart from everything else, so
/// whatever the model answers, the number of agreements among n samples of C classes is binomial with n and 1/C: exactly, not by approximation.
/// </summary>
public static class ChanceBound
{
    /// <summary>Share of audits in which chance alone exceeds the bound, at most.</summary>
    public const double FalseAlarms = 0.001;

    /// <summary>The smallest rate k/n with P(X &gt; k) ≤ <see cref="FalseAlarms"/>.</summary>
    /// <param name="samples">Number of samples n, at least 1.</param>
    /// <param name="chance">Probability of an agreement, 1/C.</param>
    public static double RateOf(int samples, double chance)
    {
        var (low, high) = (0, samples);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (1 - Binomial.CDF(chance, samples, middle) <= FalseAlarms)
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
}
