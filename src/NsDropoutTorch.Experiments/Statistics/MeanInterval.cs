using MathNet.Numerics.Distributions;

namespace NsDropoutTorch.Experiments.Statistics;

/// <summary>Student's interval of a mean.</summary>
public static class MeanInterval
{
    /// <summary>Level of confidence used throughout.</summary>
    public const double Confidence = 0.95;

    /// <summary>mean ± t · s / √n, with the quantile t of n − 1 degrees of freedom; null for fewer than two values.</summary>
    /// <param name="values">Independent values.</param>
    /// <param name="confidence">In (0, 1).</param>
    public static Interval? Of(IReadOnlyCollection<double> values, double confidence = Confidence)
    {
        if (values.Count < 2)
        {
            return null;
        }

        var mean = values.Average();
        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        var quantile = StudentT.InvCDF(0, 1, values.Count - 1, (1 + confidence) / 2);
        var margin = quantile * Math.Sqrt(variance / values.Count);
        return new(mean - margin, mean + margin);
    }
}
