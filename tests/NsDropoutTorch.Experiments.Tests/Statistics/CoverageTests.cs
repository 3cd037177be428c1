using System.Globalization;
using NsDropoutTorch.Experiments.Statistics;
using Xunit.Abstractions;

namespace NsDropoutTorch.Experiments.Tests.Statistics;

/// <summary>Whatever is printed as 95 % covers what it is said to cover, however the values are distributed.</summary>
public sealed class CoverageTests(ITestOutputHelper output)
{
    private const int FewestSeeds = 2;
    private const int MostSeeds = 30;
    private const double Required = 0.93;

    // 20,000 make the table of docs/evaluation.md, in a few minutes.
    private static readonly int Samples = int.Parse(Environment.GetEnvironmentVariable("NSDROPOUT_COVERAGE_SAMPLES") ?? "400", CultureInfo.InvariantCulture);

    public static TheoryData<string> Laws => [.. Law.All.Select(law => law.Name)];

    [Theory]
    [MemberData(nameof(Laws))]
    public void Of_AnyLawAndNumberOfSeeds_CoversMeanAndMedianAndStaysInRange(string name)
    {
        var law = Law.All.Single(other => other.Name == name);

        var row = new List<string>();
        for (var n = FewestSeeds; n <= MostSeeds; n++)
        {
            var (mean, median) = Coverage(law, n);
            row.Add(Cell(mean, median));
            Assert.True(n < 6 ? (mean, median) == (null, null) : mean >= Required && median >= Required, $"{name}, n = {n}: mean {mean}, median {median}");
        }

        output.WriteLine($"| {name}, n = {FewestSeeds} to {MostSeeds} | {string.Join(" | ", row)} |");
    }

    private static (double? Mean, double? Median) Coverage(Law law, int n)
    {
        var (printed, mean, median) = (0, 0, 0);
        for (var seed = 0; seed < Samples; seed++)
        {
            var values = law.Sample(seed, n);
            var (ofMean, ofMedian) = (MeanInterval.Of(values, law.Lowest, 1), MedianInterval.Of(values));
            Assert.Equal(ofMean is null, ofMedian is null);
            if (ofMean is not null)
            {
                Assert.True(law.Lowest <= ofMean.Low && ofMean.Low <= values.Average() + 1e-12 && values.Average() - 1e-12 <= ofMean.High && ofMean.High <= 1, $"{ofMean}");
                printed++;
                mean += Holds(ofMean, law.Mean) ? 1 : 0;
                median += Holds(ofMedian!, law.Median) ? 1 : 0;
            }
        }

        return printed == 0 ? (null, null) : ((double)mean / printed, (double)median / printed);
    }

    private static bool Holds(Interval interval, double truth) => interval.Low <= truth && truth <= interval.High;

    private static string Cell(double? mean, double? median) => string.Create(CultureInfo.InvariantCulture, $"{mean * 100:F1} / {median * 100:F1}");
}
