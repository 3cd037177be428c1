using System.Globalization;
using NsDropoutTorch.Benchmarks.Contestants;
using NsDropoutTorch.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks.Suites;

/// <summary>
/// Epochs of one network by three loops: the trainer with FusedAdam, a loop by hand on TorchSharp with its Adam, and that loop on PyTorch with its own,
/// where a Python has it. They take turns, and each begins with a new optimizer.
/// </summary>
internal sealed class LoopSuite : ISuite
{
    public const string Trainer = "trainer with FusedAdam";
    public const string TorchSharpLoop = "TorchSharp's own loop with Adam";
    public const string PyTorchLoop = "PyTorch eager with Adam";

    // Short rounds, many of them: more of them are left alone by whatever else the machine does.
    private const int Shorter = 4;

    // What one thread must reach. With several, threads sleep and wake at every operator of batches this small.
    private static readonly (int BatchSize, double OverTorchSharp, double OverPyTorch)[] Goals = [(32, 1.4, 2.5), (128, 1.25, 1.6)];

    public string Title => $"Training loops on {Digits.Name}, speed relative to";

    public IEnumerable<Row> Run(Effort effort)
    {
        using var scope = NewDisposeScope();
        using var train = Digits.Train(effort.Samples / Shorter);
        using var validation = Digits.Validation();
        foreach (var threads in Threads.Counts)
        {
            using var used = Threads.Use(threads);
            using var pytorch = PyTorch.Start(train, threads, PyTorch.Pythons, effort.Say);
            foreach (var (batchSize, _, _) in Goals)
            {
                using var bench = new TrainingBench(train, validation, batchSize, nn.Identity());
                var contest = new Contest(effort with { Rounds = effort.Epochs * Shorter }, $"loops, batch {batchSize}, threads: {threads}")
                    .Add(Trainer, bench.ByTrainerWithFusedAdam).Add(TorchSharpLoop, bench.ByHand);
                if (pytorch is not null) contest.Add(PyTorchLoop, () => pytorch.Train(batchSize));
                var speeds = contest.RunOnce().ToDictionary(time => time.Key, time => train.Count / time.Value * 1e6, StringComparer.Ordinal);
                foreach (var row in Rows(speeds, batchSize, threads)) yield return row;
            }
        }
    }

    /// <summary>The rows of one contest.</summary>
    /// <param name="speeds">Samples a second by loop; without <see cref="PyTorchLoop"/> where there is none.</param>
    /// <param name="batchSize">Samples a step.</param>
    /// <param name="threads">Threads of each loop.</param>
    public static IEnumerable<Row> Rows(IReadOnlyDictionary<string, double> speeds, int batchSize, int threads)
    {
        var (_, overTorchSharp, overPyTorch) = Goals.Single(goal => goal.BatchSize == batchSize);
        yield return Row(Trainer, TorchSharpLoop, overTorchSharp);
        if (!speeds.ContainsKey(PyTorchLoop)) yield break;
        yield return Row(Trainer, PyTorchLoop, overPyTorch);
        yield return Row(TorchSharpLoop, PyTorchLoop, null);

        Row Row(string subject, string reference, double? goal) => new(
            $"{subject}, batch {batchSize}",
            speeds[subject] / speeds[reference],
            reference,
            threads,
            string.Create(CultureInfo.InvariantCulture, $"{speeds[subject]:N0} to {speeds[reference]:N0}/s"))
        {
            Goal = threads == 1 && goal is { } bound ? Goal.AtLeast(bound) : null,
        };
    }
}
