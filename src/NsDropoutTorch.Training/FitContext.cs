using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>What callbacks see of a training run.</summary>
public sealed class FitContext
{
    private readonly List<EpochRecord> history = [];
    private string? stopReason;
    private bool wasStopped;

    internal FitContext(nn.Module<Tensor, Tensor> model, TrainerOptions options, int stepsPerEpoch)
    {
        Model = model;
        Options = options;
        StepsPerEpoch = stepsPerEpoch;
    }

    /// <summary>The model in training.</summary>
    public nn.Module<Tensor, Tensor> Model { get; }

    /// <summary>The options of the run.</summary>
    public TrainerOptions Options { get; }

    /// <summary>Steps in each epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>The current epoch, from 0; the number of finished epochs when none is under way.</summary>
    public int Epoch => history.Count;

    /// <summary>Steps finished so far, over all epochs.</summary>
    public long Iteration { get; internal set; }

    /// <summary>Learning rate of the last step.</summary>
    public double LearningRate { get; internal set; }

    /// <summary>
    /// What the last step minimised, loss and penalties together: a scalar tensor on the device, there in <see cref="Callback.OnStepEnd"/> alone. To read it waits for the device.
    /// </summary>
    public Tensor? Loss { get; internal set; }

    /// <summary>One record per finished epoch.</summary>
    public IReadOnlyList<EpochRecord> History => history;

    /// <summary>Where the run was taken up; null when it began at the beginning.</summary>
    public Resumption? Resumed { get; private set; }

    /// <summary>Why the run ends early; null while nobody asked for it. Where it had ended so before it was resumed and nothing was trained since, the reason says how to go on.</summary>
    public string? StopReason => stopReason is null || !IsStillStopped ? stopReason :
        $"{stopReason}; that was before the run was resumed, so nothing more was trained: to go on, set ResumeStopped = true and change what stopped it";

    /// <summary>What a checkpoint saves.</summary>
    internal RunState State { get; set; } = null!;

    /// <summary>What to set <see cref="TrainerOptions.ResumeFrom"/> to; null before something was saved at the end of the run.</summary>
    internal string? ResumableFrom { get; set; }

    /// <summary>Why a run resumed after the stop is over as well; null where it goes on.</summary>
    internal string? FinalStopReason { get; private set; }

    private bool IsStillStopped => Resumed is { } resumed && (resumed.Iteration, resumed.Epoch) == (Iteration, Epoch) && wasStopped;

    /// <summary>Asks the run to end after the current step or epoch; the first reason given is kept.</summary>
    /// <param name="reason">Words for the user, for instance "no improvement in 10 epochs".</param>
    /// <param name="isFinal">False where the run is only put off, as by a time limit: resumed, it goes on.</param>
    public void RequestStop(string reason, bool isFinal = true)
    {
        if (stopReason is null)
        {
            (stopReason, FinalStopReason) = (reason, isFinal ? reason : null);
        }
    }

    internal void Add(EpochRecord record) => history.Add(record);

    internal void Resume(RunPosition position, Resumption resumed)
    {
        history.AddRange(position.History);
        (Iteration, LearningRate, Resumed) = (position.Iteration, position.LearningRate, resumed);
        if (!Options.ResumeStopped)
        {
            stopReason = FinalStopReason = position.StopReason;
            wasStopped = stopReason is not null;
        }
    }
}
