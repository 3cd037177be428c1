using System.Diagnostics;
using System.Globalization;
using NsDropoutTorch.Benchmarks.Contestants;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Benchmarks.Suites;

/// <summary>
/// Runs an hour of one small network that differ in their seeds, as many runs as cores: by <c>compare --jobs auto</c>, by <c>compare</c> with one run at a time, which takes one thread for
/// a network this small, by the trainer with all threads, and by PyTorch's eager mode in both ways. Takes minutes, so it is measured only where it is asked for.
/// </summary>
internal sealed class SweepSuite : ISuite
{
    public const string Auto = "compare --jobs auto";
    public const string OneByOne = "compare, one run at a time";
    public const string OneByOneAllThreads = "trainer, one run at a time, all threads";
    public const string PyTorchAtOnce = "PyTorch eager, a process a core, one thread";
    public const string PyTorchOneByOne = "PyTorch eager, one run at a time, all threads";

    private const string Dataset = "optdigits";
    private const int BatchSize = 128;

    // A run of compare takes ten seconds or more. What a loop alone takes for an epoch does not change, so it trains a part of them.
    private const int EpochsOfEffort = 20, PartOfLoops = 20;
    private static readonly int Runs = Environment.ProcessorCount;

    public string Title => $"Sweep of {Runs} runs on {Dataset}, batch {BatchSize}, runs an hour relative to";

    public bool IsLong => true;

    public IEnumerable<Row> Run(Effort effort)
    {
        var epochs = effort.Epochs * EpochsOfEffort;
        using var train = DatasetCatalog.Over().Load(Dataset).TrainTensors();
        var contest = new Contest(effort with { Rounds = Math.Min(2, effort.Rounds), Longest = TimeSpan.FromMinutes(2) }, "sweep")
            .Add(Auto, () => Compare(epochs, "--jobs", "auto")).Add(OneByOne, () => Compare(epochs)).Add(OneByOneAllThreads, () => Train(train, epochs / PartOfLoops));
        var single = Start(train, 1, Runs, effort.Say);
        var all = Start(train, Runs, single.Count == 0 ? 0 : 1, _ => { });
        if (all.Count > 0)
        {
            contest.Add(PyTorchAtOnce, () => Parallel.ForEach(single, new() { MaxDegreeOfParallelism = Runs }, python => python.Train(BatchSize, epochs / PartOfLoops)));
            contest.Add(PyTorchOneByOne, () => { for (var i = 0; i < Runs; i++) all[0].Train(BatchSize, epochs / PartOfLoops); });
        }

        var times = contest.RunOnce();
        foreach (var python in single.Concat(all)) python.Dispose();
        return Rows(times.ToDictionary(time => time.Key, time => Runs * 3.6e9 / time.Value / (time.Key is Auto or OneByOne ? 1 : PartOfLoops), StringComparer.Ordinal), Runs);
    }

    /// <summary>The rows of one contest.</summary>
    /// <param name="speeds">Runs an hour by contestant; without those of PyTorch where there is none.</param>
    /// <param name="cores">Cores of this machine, and runs at a time of those that run at once.</param>
    public static IEnumerable<Row> Rows(IReadOnlyDictionary<string, double> speeds, int cores)
    {
        foreach (var reference in new[] { OneByOne, OneByOneAllThreads, PyTorchAtOnce, PyTorchOneByOne }.Where(speeds.ContainsKey))
        {
            yield return new(
                Auto,
                speeds[Auto] / speeds[reference],
                reference,
                cores,
                string.Create(CultureInfo.InvariantCulture, $"{speeds[Auto]:N0} to {speeds[reference]:N0}/h"))
            {
                Goal = reference == OneByOneAllThreads && cores > 1 ? Goal.AtLeast(1.7) : null,
            };
        }
    }

    private static List<PyTorch> Start(TensorData train, int threads, int processes, Action<string> say)
    {
        var started = new List<PyTorch>();
        while (started.Count < processes && PyTorch.Start(train, threads, nativeDefaults: true, PyTorch.Pythons, started.Count == 0 ? say : _ => { }) is { } python) started.Add(python);
        return started;
    }

    private static void Train(TensorData train, int epochs)
    {
        for (var run = 0; run < Runs; run++)
        {
            using var model = Mlp.Of(train.Inputs.shape[1]);
            Trainer.Fit(model, train, null, new TrainerOptions { Epochs = epochs, BatchSize = BatchSize, Threads = Runs });
        }
    }

    // The command of this build, with start and loading. Protocol final fits to the whole training set, as the loop in PyTorch does.
    private static void Compare(int epochs, params string[] how)
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "nsdropout.dll"), "compare", "--dataset", Dataset, "--protocol", "final", "--layers", "none", "--seeds", Invariant($"1..{Runs}"),
            "--epochs", Invariant($"{epochs}"), "--batch-size", Invariant($"{BatchSize}"), "--device", "cpu", "--quiet", .. how,
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"nsdropout {string.Join(' ', arguments.Skip(1))} failed: {output}");
    }
}
