using MathNet.Numerics.Distributions;

namespace SuddenDrops;

/// <summary>What the runs of a variant say of prolonged drops.</summary>
/// <param name="runs">Runs of one variant.</param>
/// <param name="from">Drops that begin before this epoch are not counted.</param>
internal sealed class DropTable(IReadOnlyList<DropRun> runs, int from)
{
    private const int Ahead = 5;

    /// <summary>The heading of the columns that <see cref="ToString"/> writes.</summary>
    public static string Heading =>
        $"{"",-42} {"runs with drops",15} {"95 %",12} {"drops",6} {"epochs",7} {"deepest",8} {"jumps",6} | {"flipped",8} {"alike",6} | {"label-free",16} {"label masks",16}";

    /// <summary>The drops of each run.</summary>
    public IReadOnlyList<IReadOnlyList<Drop>> Drops { get; } = [.. runs.Select(run => Drop.In(run.Accuracy, from))];

    /// <summary>One row: how many runs have drops, with Clopper and Pearson's interval; drops and epochs in them, both a run; jumps of the loss a run; how much masks change and are alike; test errors.</summary>
    public override string ToString()
    {
        var with = Drops.Count(drops => drops.Count > 0);
        var (low, high) = Interval(with, runs.Count);
        var steps = runs.SelectMany(run => run.Epochs.Skip(Math.Min(from, run.Epochs.Count - 1))).ToArray();
        return $"{runs[0].Variant.Text,-42} {$"{with} of {runs.Count}",15} {$"{low:P0} to {high:P0}",12} {Drops.Average(drops => drops.Count),6:0.0} {Drops.Average(drops => drops.Sum(drop => drop.Length)),7:0.0} "
            + $"{Drops.SelectMany(drops => drops).Select(drop => drop.Depth).DefaultIfEmpty(0).Max(),8:P1} {runs.Average(run => run.Jumps(from)),6:0.0} | {Mean(steps.Select(epoch => epoch.Step.Flipped)),8} {Mean(steps.Select(epoch => epoch.Step.MasksAgree)),6} | "
            + $"{MeanAndDeviation(runs.Select(run => run.TestError)),16} {MeanAndDeviation(runs.Select(run => run.TestErrorLabelMask)),16}";
    }

    /// <summary>The steps before a drop beside all others that are in none, for each figure the mean; null where nothing dropped.</summary>
    public string? BeforeDrops()
    {
        var (before, other) = (new List<StepRecord>(), new List<StepRecord>());
        foreach (var (run, drops) in runs.Zip(Drops))
        {
            for (var epoch = from; epoch < run.Epochs.Count; epoch++)
            {
                if (drops.Any(drop => epoch >= drop.Start && epoch < drop.Start + drop.Length)) continue;
                (drops.Any(drop => epoch < drop.Start && epoch >= drop.Start - Ahead) ? before : other).Add(run.Epochs[epoch].Step);
            }
        }

        return before.Count == 0 ? null
            : $"    in the {Ahead} epochs before a drop, and otherwise: gradient {Pair(step => step.GradientNorm)}, step by weights {Pair(step => step.RelativeUpdate)}, √v̂ {Pair(step => step.Divisor)}, masks flipped {Pair(step => step.Flipped)}, sharpness by threshold {Pair(step => step.Stability)}";

        string Pair(Func<StepRecord, double> figure) => $"{before.Average(figure):G3} and {other.Average(figure):G3}";
    }

    private static (double Low, double High) Interval(int with, int all) =>
        (with == 0 ? 0 : Beta.InvCDF(with, all - with + 1, 0.025), with == all ? 1 : Beta.InvCDF(with + 1, all - with, 0.975));

    private static string Mean(IEnumerable<double> values) => values.Where(double.IsFinite).ToArray() is { Length: > 0 } known ? $"{known.Average():P1}" : "–";

    private static string MeanAndDeviation(IEnumerable<double> values)
    {
        var all = values.ToArray();
        var deviation = all.Length < 2 ? 0 : Math.Sqrt(all.Sum(value => Math.Pow(value - all.Average(), 2)) / (all.Length - 1));
        return $"{100 * all.Average():0.0} ± {100 * deviation:0.0} %";
    }
}
