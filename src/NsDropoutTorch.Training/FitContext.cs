using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>What callbacks see of a training run.</summary>
public sealed class FitContext
{
    private readonly RunProgress progress;
    private readonly RunState state;

    internal FitContext(nn.Module model, TrainerOptions options, int stepsPerEpoch, RunProgress progress, RunState state)
    {
        Model = model;
        Options = options;
        StepsPerEpoch = stepsPerEpoch;
        this.progress = progress;
        this.state = state;
    }

    /// <summary>The model in training.</summary>
    public nn.Module Model { get; }

    /// <summary>The options of the run.</summary>
    public TrainerOptions Options { get; }

    /// <summary>Steps in each epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>The current epoch, from 0; the number of finished epochs when none is under way.</summary>
    public int Epoch => History.Count;

    /// <summary>Steps finished so far, over all epochs.</summary>
    public long Iteration => progress.Iteration;

    /// <summary>Learning rate of the last step.</summary>
    public double LearningRate => progress.LearningRate;

    /// <summary>
    /// What the last step minimised, loss and penalties together: a scalar tensor on the device, there in <see cref="Callback.OnStepEnd"/> alone. To read it waits for the device.
    /// </summary>
    public Tensor? Loss { get; internal set; }

    /// <summary>One record per finished epoch.</summary>
    public IReadOnlyList<EpochRecord> History => progress.History;

    /// <summary>Where the run was taken up; null when it began at the beginning.</summary>
    public Resumption? Resumed => progress.Resumed;

    /// <summary>Why the run ends early; null while nobody asked for it. In a run that was resumed after such a stop and has trained nothing since, the reason says how to go on.</summary>
    public string? StopReason => progress.StopReason;

    /// <summary>The reason that also ends a run resumed after the stop; null where a resumed run goes on.</summary>
    public string? FinalStopReason => progress.FinalStopReason;

    /// <summary>Whether the run has come to its end, by its last epoch or by a stop; not when it was cancelled.</summary>
    public bool IsComplete => StopReason is not null || Epoch == Options.Epochs;

    /// <summary>What to set <see cref="TrainerOptions.ResumeFrom"/> to; set by the callback that saved the end of the run, null before.</summary>
    public string? ResumableFrom { get; set; }

    /// <summary>Asks the run to end after the current step or epoch; the first reason given is kept.</summary>
    /// <param name="reason">Words for the user, for instance "no improvement in 10 epochs".</param>
    /// <param name="isFinal">False where the run is only put off, as by a time limit: resumed, it goes on.</param>
    public void RequestStop(string reason, bool isFinal = true) => progress.RequestStop(reason, isFinal);

    /// <summary>Throws where the run cannot be saved.</summary>
    /// <exception cref="NotSupportedException">The optimizer cannot save its state.</exception>
    public void RequireSavable() => state.RequireSavable();

    /// <summary>
    /// Saves the run as a checkpoint from which it goes on to the same bits; the file is written in full or not at all. Call it in <see cref="Callback.OnSavePoint"/>, where all callbacks have seen the same.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="keepOldAs">Where the file already there is kept; null: nowhere.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="NotSupportedException">The optimizer cannot save its state.</exception>
    public void Save(string path, string? keepOldAs = null) => state.Save(path, keepOldAs);
}

/// <summary>Where a resumed run was taken up.</summary>
/// <param name="Path">The checkpoint file.</param>
/// <param name="Epoch">Finished epochs in it.</param>
/// <param name="Iteration">Finished steps in it, over all epochs.</param>
/// <param name="Refused">Why a newer checkpoint beside it was not used, a sentence; null when it was the newest.</param>
public sealed record Resumption(string Path, int Epoch, long Iteration, string? Refused);
