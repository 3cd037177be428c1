using MathNet.Numerics.Distributions;
using NsDropoutTorch.Experiments.Statistics;

namespace NsDropoutTorch.Experiments.Tests.Statistics;

/// <summary>A distribution of errors or of differences, of which mean and median are known.</summary>
internal sealed record Law(string Name, double Lowest, double Mean, double Median, Func<Random, double> Draw)
{
    private const double FailedError = 0.9;

    public static IReadOnlyList<Law> All { get; } =
    [
        new("normal, differences of deviation 0.1", -1, 0, 0, random => Normal.Sample(random, 0, 0.1)),
        new("exponential errors of mean 0.05", 0, 0.05, 0.05 * Math.Log(2), random => Math.Min(1, Exponential.Sample(random, 20))),
        new("exponential differences, shifted to mean 0", -1, 0, 0.05 * (Math.Log(2) - 1), random => Math.Min(1, Exponential.Sample(random, 20)) - 0.05),
        new("lognormal errors, σ = 1, median 0.02", 0, 0.02 * Math.Exp(0.5), 0.02, random => Math.Min(1, LogNormal.Sample(random, Math.Log(0.02), 1))),
        Bernoulli(0.02),
        Bernoulli(0.1),
        Bernoulli(0.3),
        new("differences of two Bernoulli errors of 0.1", -1, 0, 0, random => Coin(random, 0.1) - Coin(random, 0.1)),
        BetaOf(2, 38),
        BetaOf(0.5, 0.5),
        BetaOf(0.05, 0.95),
        new("differences of two beta errors, 2 and 38", -1, 0, 0, random => Beta.Sample(random, 2, 38) - Beta.Sample(random, 2, 38)),
        new("right answers on 200 samples, error 0.05", 0, 0.05, 0.05, random => Binomial.Sample(random, 0.05, 200) / 200.0),
        new(
            "normal errors near 0.05, one seed in twenty fails", 0, (0.95 * 0.05) + (0.05 * FailedError), Normal.InvCDF(0.05, 0.005, 0.5 / 0.95),
            random => random.NextDouble() < 0.05 ? FailedError : Normal.Sample(random, 0.05, 0.005)),
    ];

    public double[] Sample(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Draw(random))];
    }

    public override string ToString() => Name;

    private static double Coin(Random random, double p) => random.NextDouble() < p ? 1 : 0;

    private static Law Bernoulli(double p) => new($"Bernoulli errors of {p}", 0, p, 0, random => Coin(random, p));

    private static Law BetaOf(double a, double b) => new($"beta errors, {a} and {b}", 0, a / (a + b), MedianOfBeta(a, b), random => Beta.Sample(random, a, b));

    // By halving, which finds 10⁻⁷ as exactly as 0.5.
    private static double MedianOfBeta(double a, double b)
    {
        var (low, high) = (0.0, 1.0);
        for (var middle = 0.5; low < middle && middle < high; middle = (low + high) / 2)
        {
            (low, high) = Beta.CDF(a, b, middle) < 0.5 ? (middle, high) : (low, middle);
        }

        return high;
    }
}
