using System.Globalization;
using NsDropoutTorch.Benchmarks.Contestants;
using NsDropoutTorch.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks.Suites;

/// <summary>
/// Epochs of one network by three loops: the trainer with FusedAdam, a loop by hand on TorchSharp with its Adam, and that loop on PyTorch with its own,
/// where a Python has it: told its number of threads, likewise with the native defaults that the two others have, and as it comes. They take turns, and each begins with a new optimizer.
/// </summary>
internal sealed class LoopSuite : ISuite
{
    public const string Trainer = "trainer with FusedAdam";
    public const string TorchSharpLoop = "TorchSharp's own loop with Adam";
    public const string PyTorchLoop = "PyTorch eager with Adam and our native defaults";
    public const string PyTorchOnAverage = "PyTorch eager with Adam, on average";
    public const string PyTorchAsItComes = "PyTorch eager with Adam as it comes, on average";

    // Over TorchSharp with one thread each: with several its threads sleep and wake at every operator. Over PyTorch with one, with all, and with those that it takes by itself.
    private static readonly (int BatchSize, double OverTorchSharp, double OverPyTorch)[] Goals = [(32, 1.4, 2.5), (128, 1.25, 1.6)];

    public string Title => $"Training loops on {Digits.Name}, speed relative to";

    public IEnumerable<Row> Run(Effort effort)
    {
        using var scope = NewDisposeScope();
        using var train = Digits.Train(effort.Samples);
        using var validation = Digits.Validation();
        foreach (var threads in Threads.Counts)
        {
            using var used = Threads.Use(threads);
            using var pytorch = PyTorch.Start(train, threads, nativeDefaults: true, PyTorch.Pythons, threads == 1 ? effort.Say : _ => { });
            using var plain = pytorch is null ? null : PyTorch.Start(train, threads, nativeDefaults: false, PyTorch.Pythons, _ => { });
            using var asItComes = pytorch is null || threads != Threads.Counts[^1] ? null : PyTorch.Start(train, threads: null, nativeDefaults: false, PyTorch.Pythons, _ => { });
            if (asItComes is not null) effort.Say($"PyTorch as it comes: torch.get_num_threads() is {asItComes.Threads}.");
            foreach (var (batchSize, _, _) in Goals)
            {
                using var bench = new TrainingBench(train, validation, batchSize, nn.Identity());
                var contest = new Contest(effort with { Rounds = effort.Epochs }, $"loops, batch {batchSize}, threads: {threads}")
                    .Add(Trainer, bench.ByTrainerWithFusedAdam).Add(TorchSharpLoop, bench.ByHand);
                if (pytorch is not null) contest.Add(PyTorchLoop, () => pytorch.Train(batchSize, validation: validation.Count));
                // By itself glibc gives a step's memory back to the system or keeps it, as the heap happens to lie, and an epoch takes up to five times as long.
                if (plain is not null) contest.Add(PyTorchOnAverage, () => plain.Train(batchSize, validation: validation.Count), isErratic: true);
                if (asItComes is not null) contest.Add(PyTorchAsItComes, () => asItComes.Train(batchSize, validation: validation.Count), isErratic: true);
                var times = contest.RunOnce();
                var average = times.Keys.ToDictionary(name => name, name => Speed(contest.AverageOf(name)), StringComparer.Ordinal);
                foreach (var row in Rows(times.ToDictionary(time => time.Key, time => Speed(time.Value), StringComparer.Ordinal), average, batchSize, threads)) yield return row;
            }
        }

        double Speed(double microseconds) => train.Count / microseconds * 1e6;
    }

    /// <summary>The rows of one contest.</summary>
    /// <param name="speeds">Samples a second in the fastest round, by loop; without those of PyTorch where there is none.</param>
    /// <param name="averages">Likewise on average.</param>
    /// <param name="batchSize">Samples a step.</param>
    /// <param name="threads">Threads that each library has; the trainer takes one of them.</param>
    public static IEnumerable<Row> Rows(IReadOnlyDictionary<string, double> speeds, IReadOnlyDictionary<string, double> averages, int batchSize, int threads)
    {
        var (_, overTorchSharp, overPyTorch) = Goals.Single(goal => goal.BatchSize == batchSize);
        yield return Row(speeds, Trainer, TorchSharpLoop, threads == 1 ? overTorchSharp : null);
        if (!speeds.ContainsKey(PyTorchLoop)) yield break;
        yield return Row(averages, Trainer, PyTorchOnAverage, overPyTorch);
        if (averages.ContainsKey(PyTorchAsItComes)) yield return Row(averages, Trainer, PyTorchAsItComes, overPyTorch);
        yield return Row(speeds, Trainer, PyTorchLoop, null);
        yield return Row(speeds, TorchSharpLoop, PyTorchLoop, null);

        Row Row(IReadOnlyDictionary<string, double> speeds, string subject, string reference, double? goal) =>
            Compare(speeds, subject, reference, batchSize, threads) with { Goal = goal is { } bound ? Goal.AtLeast(bound) : null };
    }

    /// <summary>The row of two contestants by their speeds, without a goal.</summary>
    /// <param name="speeds">Samples a second, by contestant.</param>
    /// <param name="subject">What was measured.</param>
    /// <param name="reference">What it is compared with.</param>
    /// <param name="batchSize">Samples a step.</param>
    /// <param name="threads">Threads of each.</param>
    public static Row Compare(IReadOnlyDictionary<string, double> speeds, string subject, string reference, int batchSize, int threads) => new(
        $"{subject}, batch {batchSize}",
        speeds[subject] / speeds[reference],
        reference,
        threads,
        string.Create(CultureInfo.InvariantCulture, $"{speeds[subject]:N0} to {speeds[reference]:N0}/s"));
}
