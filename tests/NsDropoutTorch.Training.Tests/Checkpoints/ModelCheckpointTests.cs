using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Checkpoints;

namespace NsDropoutTorch.Training.Tests.Checkpoints;

public sealed class ModelCheckpointTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Root => folder.Root;

    [Fact]
    public void Fit_WhenDone_LeavesLastPreviousAndBestAndNothingElse()
    {
        Job.Run(callbacks: [new ModelCheckpoint(Root)]);

        Assert.Equal(["best.ckpt", "last.ckpt", "previous.ckpt"], Files());
    }

    [Theory]
    [InlineData(1, null, "6 12 18 24")]
    [InlineData(3, null, "18 24")]
    [InlineData(null, null, "24")]
    [InlineData(null, 9, "9 18 24")]
    [InlineData(2, 10, "10 12 20 24")]
    public void Fit_SavesWhenItIsDueAndAtTheEnd(int? everyEpochs, int? everySteps, string expected)
    {
        var saves = new Saves(Root);

        Job.Run(callbacks: [new ModelCheckpoint(Root) { EveryEpochs = everyEpochs, EverySteps = everySteps }, saves]);

        Assert.Equal(expected, string.Join(' ', saves.All()));
    }

    [Fact]
    public void Fit_Every_SavesWhenTheTimeIsOver()
    {
        var clock = new Clock();
        var saves = new Saves(Root);
        var checkpoint = new ModelCheckpoint(Root, clock) { EveryEpochs = null, Every = TimeSpan.FromMinutes(5) };

        // A step a minute.
        Job.Run(callbacks: [new Recorder { StepEnd = _ => clock.Minutes++ }, checkpoint, saves]);

        Assert.Equal("5 10 15 20 24", string.Join(' ', saves.All()));
    }

    [Fact]
    public void Fit_Best_IsTheFirstEpochWithTheLowestSelectionError()
    {
        var checkpoint = new ModelCheckpoint(Root);
        using var best = new BestWeights();
        var result = Job.Run(Job.Options with { Epochs = 8 }, [checkpoint, best]);
        using var model = Job.Model();
        using var other = Job.Model();

        Checkpoint.LoadWeights(checkpoint.Best, model);
        best.Restore(other);

        Assert.Equal(best.Epoch, Trainer.ReadHistory(checkpoint.Best)[^1].Epoch);
        Assert.NotEqual(7, best.Epoch);
        Assert.Equal(Outcome.StateOf(other), Outcome.StateOf(model));
    }

    [Fact]
    public void Fit_KeepBestOff_KeepsNone()
    {
        Job.Run(callbacks: [new ModelCheckpoint(Root) { KeepBest = false }]);

        Assert.Equal(["last.ckpt", "previous.ckpt"], Files());
    }

    [Fact]
    public void Fit_LastIsDamaged_GoesOnFromPreviousAndSaysWhy()
    {
        Job.RunUntil(8, Job.Options, Root);
        var last = Path.Combine(Root, "last.ckpt");
        Cut(last);
        Resumption? resumed = null;

        var outcome = Job.Run(Job.Options with { ResumeFrom = Root }, [new ModelCheckpoint(Root), new Recorder { StepEnd = context => resumed = context.Resumed }]);

        Assert.Equal(
            new Resumption(
                Path.Combine(Root, "previous.ckpt"), 1, 7,
                $"a checkpoint must end with its checksum, but '{last}' does not: it was cut short, or is some other kind of file."),
            resumed);
        Assert.Equal(Job.Run(), outcome);
        Assert.Equal(["best.ckpt", "last.ckpt", "previous.ckpt"], Files());
        Assert.Null(CheckpointFile.FaultOf(last));
    }

    [Fact]
    public void Fit_LastIsDamaged_TheFirstSaveDoesNotPutItInThePlaceOfTheGoodOne()
    {
        Job.RunUntil(8, Job.Options, Root);
        Cut(Path.Combine(Root, "last.ckpt"));

        // Saves once and breaks down.
        Job.RunUntil(8, Job.Options with { ResumeFrom = Root }, Root);

        Assert.Null(CheckpointFile.FaultOf(Path.Combine(Root, "previous.ckpt")));
        Assert.Null(CheckpointFile.FaultOf(Path.Combine(Root, "last.ckpt")));
    }

    [Fact]
    public void Fit_AllAreDamaged_NamesThemAll()
    {
        Job.RunUntil(8, Job.Options, Root);
        var (last, previous) = (Path.Combine(Root, "last.ckpt"), Path.Combine(Root, "previous.ckpt"));
        Cut(last);
        Cut(previous);

        var e = Assert.Throws<CheckpointException>(() => Job.Run(Job.Options with { ResumeFrom = Root }));

        Assert.Equal(
            $"a checkpoint must end with its checksum, but '{last}' does not: it was cut short, or is some other kind of file. And " +
            $"a checkpoint must end with its checksum, but '{previous}' does not: it was cut short, or is some other kind of file. " +
            $"No other checkpoint is in '{Root}'; delete these to begin anew.",
            e.Message);
    }

    [Fact]
    public void Fit_FileNamedThatIsDamaged_IsRefusedThoughAnotherIsBesideIt()
    {
        Job.RunUntil(8, Job.Options, Root);
        var last = Path.Combine(Root, "last.ckpt");
        Cut(last);

        var e = Assert.Throws<CheckpointException>(() => Job.Run(Job.Options with { ResumeFrom = last }));

        Assert.Contains($"'{last}'", e.Message);
    }

    [Fact]
    public void Fit_KilledBetweenTheTwoRenames_GoesOnFromPrevious()
    {
        Job.RunUntil(8, Job.Options, Root);
        File.Move(Path.Combine(Root, "last.ckpt"), Path.Combine(Root, "previous.ckpt"), overwrite: true);

        Assert.Equal(Job.Run(), Job.Run(Job.Options with { ResumeFrom = Root }, [new ModelCheckpoint(Root)]));
    }

    [Fact]
    public void Fit_LeftoversOfAKilledProcess_AreRemoved()
    {
        Job.RunUntil(8, Job.Options, Root);
        folder.Write("last.ckpt.0123456789abcdef0123456789abcdef.tmp", "half of a checkp");
        folder.Write("best.ckpt.0123456789abcdef0123456789abcdef.tmp", "half of a checkp");

        Job.Run(Job.Options with { ResumeFrom = Root }, [new ModelCheckpoint(Root)]);

        Assert.Equal(["best.ckpt", "last.ckpt", "previous.ckpt"], Files());
    }

    [Fact]
    public void Fit_FolderOfAnotherRun_IsRefusedAndLeftAlone()
    {
        Job.Run(callbacks: [new ModelCheckpoint(Root)]);
        var before = File.ReadAllBytes(Path.Combine(Root, "last.ckpt"));

        var e = Assert.Throws<ArgumentException>(() => Job.Run(callbacks: [new ModelCheckpoint(Root)]));

        Assert.Equal(
            $"the folder of a ModelCheckpoint must belong to one run, but '{Root}' holds the checkpoints of another; set ResumeFrom to it to go on with that run, or choose another folder.",
            e.Message);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Root, "last.ckpt")));
    }

    // Nothing but its end asks for a save, and that is at the moment at which the first run ended.
    [Fact]
    public void Fit_UsedForASecondRunOfTheSameLength_SavesItsEndToo()
    {
        var checkpoint = new ModelCheckpoint(Root) { EveryEpochs = null };
        Job.Run(callbacks: [checkpoint]);
        Array.ForEach(Directory.GetFiles(Root), File.Delete);

        Job.Run(callbacks: [checkpoint]);

        Assert.Equal(["best.ckpt", "last.ckpt"], Files());
    }

    [Fact]
    public void Options_OutOfRange_SayTheRule()
    {
        static string Message(Action make) => Assert.Throws<ArgumentException>(make).Message;

        Assert.Equal("epochs between checkpoints must be at least 1, but got 0.", Message(() => _ = new ModelCheckpoint("x") { EveryEpochs = 0 }));
        Assert.Equal("steps between checkpoints must be at least 1, but got -1.", Message(() => _ = new ModelCheckpoint("x") { EverySteps = -1 }));
        Assert.Equal("the time between checkpoints must be above 0, but got 00:00:00.", Message(() => _ = new ModelCheckpoint("x") { Every = TimeSpan.Zero }));
    }

    public void Dispose() => folder.Dispose();

    private static void Cut(string path) => File.WriteAllBytes(path, File.ReadAllBytes(path)[..^100]);

    private string[] Files() => [.. Directory.EnumerateFiles(Root).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    /// <summary>Sees which iterations were saved, by what is in the folder when the next step begins.</summary>
    private sealed class Saves(string folder) : Callback
    {
        private readonly SortedSet<long> iterations = [];

        public SortedSet<long> All()
        {
            Look();
            return iterations;
        }

        public override void OnStepEnd(FitContext context) => Look();

        public override void OnEpochEnd(FitContext context, EpochRecord record) => Look();

        private void Look()
        {
            foreach (var path in new[] { "previous.ckpt", "last.ckpt" }.Select(name => Path.Combine(folder, name)).Where(File.Exists))
            {
                using var archive = CheckpointFile.Open(path);
                iterations.Add(RunPosition.Read(archive, path).Iteration);
            }
        }
    }

    private sealed class Clock : TimeProvider
    {
        public int Minutes { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => 60 * Minutes;
    }
}
