namespace NsDropoutTorch.Training;

/// <summary>
/// Saves a run into a folder: <c>last.ckpt</c>, <c>previous.ckpt</c> (the one before it, in case the last is damaged) and <c>best.ckpt</c>
/// (lowest selection error, the first of equals). Set <see cref="TrainerOptions.ResumeFrom"/> to the folder to go on. It is called after all other callbacks,
/// wherever it stands in their list, so that it saves what they remember of the same moment; the end of a run is always saved, also when it was cancelled,
/// and before any of them puts other weights back. While a run goes on the folder is its own: another run in it, of any process, is refused.
/// </summary>
/// <remarks>
/// Same machine and thread count: a run resumed after any interruption gives the bits of one never interrupted, on the CPU. On CUDA, layers that draw
/// random numbers go on with other draws, as TorchSharp cannot read the state of CUDA's generators.
/// </remarks>
/// <param name="folder">The folder, of this run alone; made when missing.</param>
/// <param name="clock">What <see cref="Every"/> goes by; null: the system's clock.</param>
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

    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>The file of the last checkpoint.</summary>
    public string Last => files.Last;

    /// <summary>The file of the best epoch's checkpoint.</summary>
    public string Best => files.Best;

    /// <summary>Takes the folder for a run that begins.</summary>
    /// <exception cref="CheckpointException">Another run has it.</exception>
    internal FolderLock Lock() => FolderLock.Take(folder, clock, static (place, holder) => new CheckpointException(
        $"the folder of a ModelCheckpoint must belong to one run at a time, but '{place}' is in use by {holder}; wait for its end, or choose another folder."));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The folder holds checkpoints of another run.</exception>
    /// <exception cref="NotSupportedException">The optimizer cannot save its state.</exception>
    public override void OnFitBegin(FitContext context)
    {
        context.State.RequireSavable();
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
    public override void OnStepEnd(FitContext context)
    {
        if (context.Iteration % EverySteps == 0 || clock.GetElapsedTime(savedAt) >= Every)
        {
            Save(context);
        }
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        // The best before the last: whenever the process ends, the run goes on from an epoch that the best is not behind.
        if (KeepBest && IsBest(context.History))
        {
            context.State.Save(Best);
        }

        if (context.Epoch % EveryEpochs == 0)
        {
            Save(context);
        }
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitContext context)
    {
        if (saved != Moment(context))
        {
            Save(context);
        }

        context.ResumableFrom = folder;
    }

    private static bool IsBest(IReadOnlyList<EpochRecord> history) =>
        history[^1].SelectionError is { } error && !double.IsNaN(error) && !history.SkipLast(1).Any(record => record.SelectionError <= error);

    private static (long Iteration, int Epoch, string? StopReason) Moment(FitContext context) =>
        (context.Iteration, context.Epoch, context.FinalStopReason);

    private static int? AtLeastOne(int? value, string name) => value is { } count ? (int)Require.AtLeast(1, count, name) : null;

    private void Save(FitContext context)
    {
        context.State.Save(Last, lastIsSound ? files.Previous : null);
        lastIsSound = true;
        saved = Moment(context);
        savedAt = clock.GetTimestamp();
    }
}
