using NsDropoutTorch.Training.Checkpoints;

namespace NsDropoutTorch.Training.Callbacks;

/// <summary>
/// Saves a run into a folder: <c>last.ckpt</c>, <c>previous.ckpt</c> (the one before it, in case the last is damaged) and <c>best.ckpt</c>
/// (<see cref="Monitor"/>: by default of the lowest selection error, or loss where the objective counts no errors; the first of equals). Set <see cref="TrainerOptions.ResumeFrom"/> to the folder to go on. It saves
/// the memory of all callbacks at the same moment, at any place in their list (<see cref="Callback.OnSavePoint"/>). The end of a run is always saved, also when it was cancelled. While a run trains, its folder is locked: another run in it, of any process, is refused.
/// </summary>
/// <remarks>
/// Same machine and thread count: a run resumed after any interruption gives the bits of one never interrupted, on the CPU. On CUDA, layers that draw
/// random numbers go on with other draws, as TorchSharp cannot read the state of CUDA's generators.
/// </remarks>
/// <param name="folder">The folder, of this run alone; made when missing.</param>
/// <param name="clock">Measures <see cref="Every"/>; null: the system's clock.</param>
public sealed class ModelCheckpoint(string folder, TimeProvider? clock = null) : Callback
{
    private readonly CheckpointFolder files = new(folder);
    private readonly TimeProvider clock = clock ?? TimeProvider.System;
    private (long Iteration, int Epoch, string? StopReason)? saved;
    private bool lastIsSound;
    private long savedAt;

    /// <summary>Saves after every so many epochs, at least 1; null: never for that reason. Default: 1.</summary>
    public int? EveryEpochs { get; init => field = AtLeastOne(value, "epochs between checkpoints"); } = 1;

    /// <summary>Saves after every so many steps, at least 1; null: never for that reason. Default: null.</summary>
    public int? EverySteps { get; init => field = AtLeastOne(value, "steps between checkpoints"); }

    /// <summary>Saves after the first step that ends so long after the last save; null: never for that reason. Default: null.</summary>
    public TimeSpan? Every
    {
        get;
        init => field = value is not { } time || time > TimeSpan.Zero ? value : throw Require.Broken($"the time between checkpoints must be above 0, but got {time}.");
    }

    /// <summary>Whether the best epoch is kept as well. Default: true.</summary>
    public bool KeepBest { get; init; } = true;

    /// <summary>What makes an epoch the best. Default: <see cref="MonitoredMetric.Selection"/>.</summary>
    public MonitoredMetric Monitor { get; init; } = MonitoredMetric.Selection;

    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>The file of the last checkpoint.</summary>
    public string Last => files.Last;

    /// <summary>The file of the best epoch's checkpoint.</summary>
    public string Best => files.Best;

    /// <summary>Takes the folder for a run that begins.</summary>
    /// <exception cref="CheckpointException">Another run has it.</exception>
    public override IDisposable Claim() => FolderLock.Take(folder, clock, static (place, holder) => new CheckpointException(
        $"the folder of a ModelCheckpoint must belong to one run at a time, but '{place}' is in use by {holder}; wait for its end, or choose another folder."));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The folder holds checkpoints of another run.</exception>
    /// <exception cref="NotSupportedException">The optimizer cannot save its state.</exception>
    public override void OnFitBegin(FitContext context)
    {
        context.RequireSavable();
        if (files.IsUsed && !files.Holds(context.Resumed?.Path))
        {
            throw Require.Broken(
                $"the folder of a ModelCheckpoint must belong to one run, but '{folder}' holds the checkpoints of another; set ResumeFrom to it to go on with that run, or choose another folder.");
        }

        files.CleanUp();
        // A damaged file must not push out the good one it was replaced by.
        lastIsSound = File.Exists(Last) && CheckpointFile.FaultOf(Last) is null;
        saved = lastIsSound && context.Resumed?.Path is { } path && Path.GetFullPath(path) == Path.GetFullPath(Last) ? Moment(context) : null;
        savedAt = clock.GetTimestamp();
    }

    /// <inheritdoc/>
    public override void OnSavePoint(FitContext context, SavePoint point)
    {
        // The best is written first, so that whenever the process is killed, the best is at least as new as the last.
        if (point is SavePoint.Epoch && KeepBest && IsBest(context.History))
        {
            context.Save(Best);
        }

        if (IsDue(context, point))
        {
            Save(context);
        }

        if (point is SavePoint.Run)
        {
            context.ResumableFrom = folder;
        }
    }

    private bool IsDue(FitContext context, SavePoint point) => point switch
    {
        SavePoint.Step => context.Iteration % EverySteps == 0 || clock.GetElapsedTime(savedAt) >= Every,
        SavePoint.Epoch => context.Epoch % EveryEpochs == 0,
        _ => saved != Moment(context),
    };

    private bool IsBest(IReadOnlyList<EpochRecord> history) =>
        Monitor.Cost(history[^1]) is { } cost && !double.IsNaN(cost) && !history.SkipLast(1).Any(record => Monitor.Cost(record) <= cost);

    private static (long Iteration, int Epoch, string? StopReason) Moment(FitContext context) =>
        (context.Iteration, context.Epoch, context.FinalStopReason);

    private static int? AtLeastOne(int? value, string name) => value is { } count ? (int)Require.AtLeast(1, count, name) : null;

    private void Save(FitContext context)
    {
        context.Save(Last, lastIsSound ? files.Previous : null);
        lastIsSound = true;
        saved = Moment(context);
        savedAt = clock.GetTimestamp();
    }
}
