using System.Globalization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Benchmarks.Contestants;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks.Suites;

/// <summary>The trainer against a hand-written loop, and training with dropout against training without.</summary>
internal sealed class TrainerSuite : ISuite
{
    private const string ByHand = " by hand";
    private const string ByItself = "trainer";
    private const string AllThreads = "trainer with all threads";
    private const int Full = 0;

    private static readonly (string Name, Func<nn.Module<Tensor, Tensor>> Create)[] Layers =
        [("none", () => nn.Identity()), ("Dropout", () => nn.Dropout(0.2)), ("FastDropout", () => nn.FastDropout(0.2)), ("NSDropout", () => nn.NSDropout(128, 10, 0.2))];

    public string Title => $"Training on {Digits.Name}, speed relative to";

    public IEnumerable<Row> Run(Effort effort)
    {
        using var scope = NewDisposeScope();
        using var train = Digits.Train(effort.Samples);
        using var validation = Digits.Validation();
        foreach (var threads in Threads.Counts)
        {
            using var used = Threads.Use(threads);
            foreach (var batchSize in new[] { 32, 128, Full })
            {
                foreach (var row in Run(train, validation, batchSize, threads, effort)) yield return row;
            }

            if (threads == 1) continue;
            foreach (var batchSize in new[] { 16, 32 }) yield return RunConvolutions(train, validation, batchSize, threads, effort);
        }
    }

    private static Row RunConvolutions(TensorData train, TensorData validation, int batchSize, int threads, Effort effort)
    {
        using var bench = new TrainingBench(train, validation, batchSize, SmallCnn.Of);
        var times = new Contest(effort with { Rounds = effort.Epochs }, $"training convolutions, batch {batchSize}, threads: {threads}")
            .Add(ByItself, bench.ByTrainerWithProgress).Add(AllThreads, () => bench.ByTrainerWithThreads(threads)).RunOnce();
        return new($"convolutions, batch {batchSize}", times[AllThreads] / times[ByItself], AllThreads, threads, SpeedOf(train, times[ByItself]));
    }

    private static string SpeedOf(TensorData train, double microseconds) => string.Create(CultureInfo.InvariantCulture, $"{train.Count / microseconds * 1e6:N0}/s");

    private static List<Row> Run(TensorData train, TensorData validation, int batchSize, int threads, Effort effort)
    {
        var size = batchSize == Full ? (int)train.Count : batchSize;
        var benches = Layers.ToDictionary(layer => layer.Name, layer => new TrainingBench(train, validation, size, layer.Create()), StringComparer.Ordinal);
        var contest = new Contest(effort with { Rounds = effort.Epochs }, $"training, batch {(batchSize == Full ? "full" : $"{batchSize}")}, threads: {threads}");
        foreach (var (name, bench) in benches) contest.Add(name, bench.ByTrainerWithProgress).Add(name + ByHand, bench.ByHand);
        if (threads > 1) contest.Add(AllThreads, () => benches["none"].ByTrainerWithThreads(threads));
        var times = contest.RunOnce();
        var rows = benches.SelectMany(bench => Rows(bench.Key, bench.Value)).ToList();
        foreach (var bench in benches.Values) bench.Dispose();
        return rows;

        IEnumerable<Row> Rows(string name, TrainingBench bench)
        {
            var subject = $"{name}, batch {(batchSize == Full ? "full" : $"{batchSize}")}";
            var speed = SpeedOf(train, times[name]);
            var bytes = new StepBytes();
            if (batchSize != Full) bench.ByTrainer(bytes);
            yield return new(subject, times[name + ByHand] / times[name], "hand-written loop", threads, speed)
            {
                // With two threads the loop by hand scatters by more than that: threads sleep and wake at every operator.
                Goal = threads == 1 ? Goal.AtLeast(0.97) : null,
                Bytes = batchSize == Full ? null : bytes.Median,
            };
            if (name == "none")
            {
                if (threads > 1) yield return new(subject, times[AllThreads] / times[name], AllThreads, threads, speed);
                yield break;
            }

            // No goal: what a dozen small calls take, compared with the arithmetic of a network, differs from processor to processor.
            yield return new(subject, times["none"] / times[name], "training without dropout", threads, speed);
        }
    }
}
