using System.Globalization;
using System.Text;
using NsDropoutTorch.Experiments.Statistics;
using Xunit.Abstractions;

namespace NsDropoutTorch.Experiments.Tests.Statistics;

/// <summary>Whatever is printed as 95 % covers what it is said to cover, however the values are distributed.</summary>
public sealed class CoverageTests(ITestOutputHelper output)
{
    private const int FewestSeeds = 2;
    private const int MostSeeds = 30;
    private const int Samples = 400;
    private const double Required = 0.93;

    public static TheoryData<string> Laws => [.. Law.All.Select(law => law.Name)];

    [Theory]
    [MemberData(nameof(Laws))]
    public void Of_AnyLawAndNumberOfSeeds_CoversMeanAndMedianAndStaysInRange(string name)
    {
        var law = Law.All.Single(other => other.Name == name);

        for (var n = FewestSeeds; n <= MostSeeds; n++)
        {
            var (mean, median) = Coverage(law, n, Samples);
            Assert.True(n < 6 ? (mean, median) == (null, null) : mean >= Required && median >= Required, $"{name}, n = {n}: mean {mean}, median {median}");
        }
    }

    // The figures of docs/evaluation.md: a few minutes.
    [SweepFact]
    public void Sweep_AllLaws_WritesTheTable()
    {
        int[] shown = [6, 8, 10, 15, 20, 30];
        var table = new StringBuilder();
        var lowest = 1.0;
        foreach (var law in Law.All)
        {
            var coverage = Enumerable.Range(6, MostSeeds - 5).ToDictionary(n => n, n => Coverage(law, n, 20_000));
            var worst = (Mean: coverage.Values.Min(pair => pair.Mean!.Value), Median: coverage.Values.Min(pair => pair.Median!.Value));
            lowest = Math.Min(lowest, Math.Min(worst.Mean, worst.Median));
            table.AppendLine($"| {law.Name} | {string.Join(" | ", shown.Select(n => Cell(coverage[n].Mean!.Value, coverage[n].Median!.Value)))} | {Cell(worst.Mean, worst.Median)} |");
        }

        output.WriteLine(table.ToString());
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "coverage.md"), table.ToString());
        Assert.True(lowest >= Required, table.ToString());
    }

    private static (double? Mean, double? Median) Coverage(Law law, int n, int samples)
    {
        var (printed, mean, median) = (0, 0, 0);
        for (var seed = 0; seed < samples; seed++)
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

    private static string Cell(double mean, double median) => string.Create(CultureInfo.InvariantCulture, $"{mean * 100:F1} / {median * 100:F1}");
}
