using System.Diagnostics;
using NsDropoutTorch.Data;

namespace NsDropoutTorch.Training.Tests.Checkpoints;

public sealed class KillTests : IDisposable
{
    private const int Kills = 20;

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Fit_ProcessKilledAtTwentyMoments_IsResumedEachTimeToTheSameBits()
    {
        var whole = Child.Run(Folder("whole"), []);
        var moments = Moments().ToArray();
        var interrupted = 0;
        Parallel.For(0, Kills, new ParallelOptions { MaxDegreeOfParallelism = 2 }, kill =>
        {
            RunAndKill(Folder($"{kill}"), moments[kill]);
            if (!File.Exists(Path.Combine(Folder($"{kill}"), Child.OutcomeFile)))
            {
                Interlocked.Increment(ref interrupted);
            }
        });

        for (var kill = 0; kill < Kills; kill++)
        {
            Resume(Folder($"{kill}"), moments[kill].Step, whole);
        }

        // The last moments are near the end, and a slow machine may let the run reach it.
        Assert.True(interrupted >= Kills / 2, $"only {interrupted} of {Kills} runs were killed before their end");
    }

    [Fact]
    public void Fit_ProcessNeverKilled_GivesTheBitsOfTheSameRunInAnotherProcess()
    {
        var run = Folder("child");
        using var child = new ChildProcess(run);

        Assert.Equal((0, ""), child.WaitForExit());

        var whole = Child.Run(Folder("here"), []);
        Assert.Equal(whole.State + whole.History, File.ReadAllText(Path.Combine(run, Child.OutcomeFile)));
    }

    public void Dispose() => folder.Dispose();

    // One in each twentieth of the run: after a step, and a little later by up to what a step with its checkpoint takes.
    private static IEnumerable<(int Step, double DelayMilliseconds)> Moments()
    {
        var random = new SeededRandom(seed: 2022, stream: 0);
        for (var kill = 0; kill < Kills; kill++)
        {
            var stratum = Child.Steps / Kills;
            yield return ((kill * stratum) + random.Below(stratum), random.Between(0, 6));
        }
    }

    private static void RunAndKill(string run, (int Step, double DelayMilliseconds) moment)
    {
        using var child = new ChildProcess(run);
        Assert.True(child.WaitFor($"{moment.Step}"), "the child must train.");
        var start = Stopwatch.GetTimestamp();
        SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(start).TotalMilliseconds >= moment.DelayMilliseconds);
        child.Kill();
    }

    private static void Resume(string run, int step, Outcome whole)
    {
        Resumption? resumed = null;

        var outcome = Child.Run(run, [Child.Checkpoints(run), new Recorder { StepEnd = context => resumed ??= context.Resumed }]);

        Assert.Equal(whole, outcome);
        // The step said last may not have been saved; the one before it was.
        Assert.True(resumed is null ? step <= 1 || Child.Steps - step <= 10 : resumed.Iteration >= step - 1, $"killed after step {step}, resumed from {resumed}");
        Assert.Equal(
            ["best.ckpt", "last.ckpt", "previous.ckpt"],
            Directory.EnumerateFiles(run).Select(file => Path.GetFileName(file)).Where(name => name != Child.OutcomeFile).Order(StringComparer.Ordinal));
    }

    private string Folder(string name) => Path.Combine(folder.Root, name);
}
