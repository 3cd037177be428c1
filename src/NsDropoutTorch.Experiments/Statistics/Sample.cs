using System.Globalization;

namespace NsDropoutTorch.Experiments.Statistics;

/// <summary>Checks of what a statistic is asked to speak about: NaN and infinity go through sums and sorts unseen and come out as figures.</summary>
internal static class Sample
{
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static void CheckFinite(IEnumerable<double> values)
    {
        foreach (var value in values.Where(value => !double.IsFinite(value)))
        {
            throw Require.Broken(string.Create(
                CultureInfo.InvariantCulture, $"values of a statistic must be finite, but got {value}; leave out what diverged or was not measured."));
        }
    }

    /// <exception cref="ArgumentException">A value is not finite, or outside the range.</exception>
    public static void CheckWithin(IReadOnlyCollection<double> values, double lowest, double highest)
    {
        CheckFinite(values);
        foreach (var value in values.Where(value => value < lowest || value > highest))
        {
            throw Require.Broken(string.Create(
                CultureInfo.InvariantCulture, $"values must be in [{lowest}, {highest}], but got {value}; give the range in which they can lie."));
        }
    }

    /// <exception cref="ArgumentException">It is no confidence.</exception>
    public static double Confidence(double confidence) => confidence is > 0 and < 1 ? confidence : throw Require.Broken(string.Create(
        CultureInfo.InvariantCulture, $"confidence must be in (0, 1), but got {confidence}."));
}
