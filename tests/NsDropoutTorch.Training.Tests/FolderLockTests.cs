using NsDropoutTorch.Training.Tests.Checkpoints;
using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Checkpoints;

namespace NsDropoutTorch.Training.Tests;

public sealed class FolderLockTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Root => folder.Root;

    [Fact]
    public void Take_FolderInUse_NamesItsHolder()
    {
        using var first = Take(Root, new Clock());

        var refused = Assert.Throws<InvalidTimeZoneException>(() => Take(Root, TimeProvider.System));

        Assert.Equal($"{Root}: this process {Environment.ProcessId} on {Environment.MachineName} since 2026-03-01T09:30:00Z", refused.Message);
    }

    [Fact]
    public void Dispose_GivesTheFolderToOthersAndLeavesNothing()
    {
        File.WriteAllText(Path.Combine(Root, "kept"), "");

        Take(Root, TimeProvider.System).Dispose();
        Take(Root, TimeProvider.System).Dispose();

        Assert.Equal([Path.Combine(Root, "kept")], Directory.GetFileSystemEntries(Root));
    }

    [Fact]
    public void Dispose_FolderThatItMade_IsTakenAwayWhenNothingIsInIt()
    {
        var (empty, full) = (Path.Combine(Root, "empty"), Path.Combine(Root, "full"));

        Take(empty, TimeProvider.System).Dispose();
        using (Take(full, TimeProvider.System))
        {
            File.WriteAllText(Path.Combine(full, "kept"), "");
        }

        Assert.False(Directory.Exists(empty));
        Assert.True(Directory.Exists(full));
    }

    [Fact]
    public void Take_FilesOfADeadProcess_AreNotInTheWay()
    {
        File.WriteAllText(Path.Combine(Root, ".nsdropout-lock"), "");
        File.WriteAllText(Path.Combine(Root, ".nsdropout-lock.holder"), "process 1 on nowhere since 1999-12-31T23:59:59Z\n");

        Take(Root, TimeProvider.System).Dispose();

        Assert.Empty(Directory.GetFileSystemEntries(Root));
    }

    [Fact]
    public void Fit_InTheFolderOfARunUnderWay_IsRefusedAndLeavesThatRunAlone()
    {
        Exception? refused = null;
        var second = new Recorder
        {
            StepEnd = context =>
            {
                if (context.Iteration == 8)
                {
                    var random = TorchSharp.torch.get_rng_state();
                    refused = Assert.Throws<CheckpointException>(() => Job.Run(Job.Options with { ResumeFrom = Root }, [new ModelCheckpoint(Root)]));
                    TorchSharp.torch.set_rng_state(random);
                }
            },
        };

        var outcome = Job.Run(callbacks: [second, new ModelCheckpoint(Root)]);

        Assert.Matches(
            $"^the folder of a ModelCheckpoint must belong to one run at a time, but '{Root}' is in use by this process [0-9]+ on .+ since 20[0-9TZ:-]+; wait for its end, or choose another folder.$",
            refused!.Message);
        Assert.Equal(Job.Run(), outcome);
        Assert.Equal(["best.ckpt", "last.ckpt", "previous.ckpt"], Directory.EnumerateFiles(Root).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Fit_InTheFolderOfAnotherProcess_NamesThatProcess()
    {
        using var child = new ChildProcess(Root);
        Assert.True(child.WaitFor("1"));

        var refused = Assert.Throws<CheckpointException>(() => Job.Run(callbacks: [new ModelCheckpoint(Root)]));

        Assert.Contains($"is in use by process {child.Id} on {Environment.MachineName} since ", refused.Message, StringComparison.Ordinal);
        child.Kill();
        Child.Run(Root, [Child.Checkpoints(Root)]);
    }

    [Fact]
    public void Fit_ThatFails_GivesTheFolderBack()
    {
        Job.RunUntil(8, Job.Options, Root);
        var other = Path.Combine(Root, "other");
        Assert.Throws<CheckpointException>(() => Job.Run(Job.Options with { Seed = 99, ResumeFrom = Root }, [new ModelCheckpoint(Root), new ModelCheckpoint(other)]));
        Assert.Throws<ArgumentException>(() => Job.Run(callbacks: [new ModelCheckpoint(Root)]));

        Assert.Equal(["best.ckpt", "last.ckpt", "previous.ckpt"], Directory.EnumerateFileSystemEntries(Root).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Equal(Job.Run(), Job.Run(Job.Options with { ResumeFrom = Root }, [new ModelCheckpoint(Root)]));
    }

    public void Dispose() => folder.Dispose();

    private static FolderLock Take(string path, TimeProvider clock) => FolderLock.Take(path, clock, (place, holder) => new InvalidTimeZoneException($"{place}: {holder}"));

    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);
    }
}
