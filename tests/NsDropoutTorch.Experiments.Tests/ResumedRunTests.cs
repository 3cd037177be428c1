using System.Text.Json;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

/// <summary>A run that is stopped anywhere, in its training or in its noise control, goes on to the bits of one never stopped.</summary>
public sealed class ResumedRunTests : IDisposable
{
    private const int StepsPerEpoch = 4;
    private const int Epochs = 5;

    private static readonly ImageDataset Dataset = Digits.First(400, 200);

    private static readonly ComparisonSettings Settings = new()
    {
        Dataset = Dataset.Name,
        Layers = ["none", "dropout", "nsdropout", "concrete:p=0.2", "gap-matched"],
        Epochs = Epochs,
        BatchSize = 80,
        Hidden = [16],
    };

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    [Theory]
    [InlineData("none", 1)]
    [InlineData("dropout", 7)]
    [InlineData("concrete:p=0.2", 8)]
    [InlineData("gap-matched", 3)]
    [InlineData("gap-matched", 11)]
    [InlineData("nsdropout", 6)]
    [InlineData("nsdropout", StepsPerEpoch * Epochs)]
    [InlineData("nsdropout", (StepsPerEpoch * Epochs) + 1)]
    [InlineData("nsdropout", (StepsPerEpoch * Epochs) + 10)]
    public void Run_StoppedAfterAStepAndTakenUp_GivesTheBitsOfOneNeverStopped(string layer, int step)
    {
        var run = new ComparisonRun(layer, 22, 1, 1);
        var whole = Train(run, checkpoints: null);

        Assert.ThrowsAny<OperationCanceledException>(() => Train(run, Checkpoints(), stopAfter: step));
        Assert.Contains(Checkpoints().FilesOf(run), File.Exists);
        var steps = 0;
        var resumed = Train(run, Checkpoints(), onStep: () => steps++);

        Assert.Equal(Canonical(whole), Canonical(resumed));
        // It went on and did not begin again.
        Assert.Equal((StepsPerEpoch * Epochs * (layer == "nsdropout" ? 2 : 1)) - step, steps);
    }

    [Fact]
    public void Run_StoppedAtEveryThirdStep_GivesTheBitsOfOneNeverStopped()
    {
        var run = new ComparisonRun("nsdropout", 22, 1, 1);
        RunResult? resumed = null;
        var stops = 0;
        while (resumed is null)
        {
            try
            {
                resumed = Train(run, Checkpoints(), stopAfter: 3);
            }
            catch (OperationCanceledException)
            {
                stops++;
            }
        }

        Assert.InRange(stops, 10, 14);
        Assert.Equal(Canonical(Train(run, checkpoints: null)), Canonical(resumed));
    }

    [Fact]
    public void Run_DamagedCheckpoint_BeginsAnew()
    {
        var run = new ComparisonRun("dropout", 22, 1, 1);
        Assert.ThrowsAny<OperationCanceledException>(() => Train(run, Checkpoints(), stopAfter: 5));
        File.WriteAllText(Checkpoints().FilesOf(run)[0], "damaged");

        Assert.Equal(Canonical(Train(run, checkpoints: null)), Canonical(Train(run, Checkpoints())));
    }

    [Fact]
    public void Delete_FinishedRun_LeavesNoFileOfIt()
    {
        var run = new ComparisonRun("nsdropout", 22, 1, 1);
        Assert.ThrowsAny<OperationCanceledException>(() => Train(run, Checkpoints(), stopAfter: (StepsPerEpoch * Epochs) + 2));
        Assert.All(Checkpoints().FilesOf(run), file => Assert.True(File.Exists(file)));

        Checkpoints().Delete(run);

        Assert.Empty(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void New_NoTime_IsRefused() =>
        Assert.Equal("the time between checkpoints must be above 0, but got 00:00:00.", Assert.Throws<ArgumentException>(() => new RunCheckpoints(folder, TimeSpan.Zero)).Message);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private RunCheckpoints Checkpoints() => new(Path.Combine(folder, "unfinished"), TimeSpan.FromHours(1));

    private static RunResult Train(ComparisonRun run, RunCheckpoints? checkpoints, int? stopAfter = null, Action? onStep = null)
    {
        using var stop = new CancellationTokenSource();
        using var comparison = new Comparison(Dataset, Settings, CPU) { Checkpoints = checkpoints };
        var steps = 0;
        return comparison.Run(run, _ => [new AfterStep(() =>
        {
            onStep?.Invoke();
            if (++steps == stopAfter)
            {
                stop.Cancel();
            }
        })], stop.Token);
    }

    private static string Canonical(RunResult run) => JsonSerializer.Serialize(run with { TrainSeconds = 0, SamplesPerSecond = 0 }, RunJson.Compact);

    private sealed class AfterStep(Action action) : Callback
    {
        public override void OnStepEnd(FitContext context) => action();
    }
}
