using System.Globalization;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using NsDropoutTorch.Experiments.Statistics;
using Spectre.Console;

namespace AugmentedFashion;

/// <summary>Means over seeds, and what differs from the first row, seed by seed.</summary>
internal static class OutcomeTable
{
    public static Table Of(IReadOnlyList<Outcome> outcomes)
    {
        var table = new Table().AddColumns("augment", "dropout", "train", "held out", "test", "gained", "p");
        var rows = outcomes.GroupBy(outcome => outcome.Name, StringComparer.Ordinal).Select(row => row.ToArray()).ToArray();
        foreach (var row in rows)
        {
            var gains = row.Zip(rows[0], (outcome, first) => first.Test - outcome.Test).ToArray();
            table.AddRow(
                row[0].Augmented ? "on" : "off", Text($"{row[0].P}"), Text($"{100 * row.Average(run => run.Train):0.0}"), Text($"{100 * row.Average(run => run.Validation):0.0}"),
                Interval(row.Select(run => run.Test)), row == rows[0] ? "" : Interval(gains), row == rows[0] ? "" : Text($"{SignFlipTest.P(gains):0.###}"));
        }

        return table.Caption(Text($"Errors in %, means over {rows[0].Length} seeds; gained: test error of the first row less that of this one, seed by seed; ±: half of Student's 95 % interval; p: sign-flip test, of {SignFlipTest.SmallestP(rows[0].Length):0.###} or more"));
    }

    private static string Interval(IEnumerable<double> values)
    {
        var (mean, deviation) = values.MeanStandardDeviation();
        var count = values.Count();
        return Text($"{100 * mean:0.00} ± {100 * StudentT.InvCDF(0, 1, count - 1, 0.975) * deviation / Math.Sqrt(count):0.00}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
