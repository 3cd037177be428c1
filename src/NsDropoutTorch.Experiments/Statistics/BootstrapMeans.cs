using NsDropoutTorch.Training.Data;

namespace NsDropoutTorch.Experiments.Statistics;

/// <summary>Means of samples drawn with replacement.</summary>
internal static class BootstrapMeans
{
    /// <summary>Resamples behind every interval: enough for its ends to settle, and no end falls between two of them.</summary>
    public const int Count = 9999;

    private const long Seed = 0;

    /// <summary>The means of <see cref="Count"/> resamples; the same for the same values, on every machine.</summary>
    /// <param name="values">At least one value.</param>
    public static double[] Draw(IReadOnlyList<double> values)
    {
        var random = new SeededRandom(Seed, SeedStream.Bootstrap);
        var means = new double[Count];
        for (var b = 0; b < means.Length; b++)
        {
            var sum = 0.0;
            for (var i = 0; i < values.Count; i++)
            {
                sum += values[random.Below(values.Count)];
            }

            means[b] = sum / values.Count;
        }

        return means;
    }
}
