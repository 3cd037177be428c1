using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Watches a training run; every method is empty by default. A callback may read all of its context and request a stop, and changes nothing else; <see cref="Callbacks.ScheduledDropRates"/> alone sets drop rates.
/// One that is used for a second run starts anew in <see cref="OnFitBegin"/>. One whose memory is to outlive an interruption implements <see cref="IStateful"/>, so that a resumed run goes on with it. It runs inside a dispose scope of the trainer: tensors it keeps must be detached from it (<c>DetachFromDisposeScope</c>).
/// </summary>
public abstract class Callback
{
    /// <summary>
    /// Takes what only one run may use, such as a folder, before anything is read from it. The trainer disposes the result when the run is over, also when it failed.
    /// </summary>
    public virtual IDisposable? Claim() => null;

    /// <summary>Before the first epoch, also of a resumed run. A callback forgets here what it saw of another run; the memory of an <see cref="IStateful"/> has been reset or loaded by then.</summary>
    /// <param name="context">The run.</param>
    public virtual void OnFitBegin(FitContext context)
    {
    }

    /// <summary>Before each epoch, also before the rest of one that is resumed.</summary>
    /// <param name="context">The run.</param>
    public virtual void OnEpochBegin(FitContext context)
    {
    }

    /// <summary>Before each step, when its batch has been taken and its learning rate set.</summary>
    /// <param name="context">The run.</param>
    public virtual void OnStepBegin(FitContext context)
    {
    }

    /// <summary>After each optimizer step. The time it takes is no part of <see cref="EpochRecord.Seconds"/>.</summary>
    /// <param name="context">The run.</param>
    public virtual void OnStepEnd(FitContext context)
    {
    }

    /// <summary>After each epoch and its validation.</summary>
    /// <param name="context">The run; its history ends with <paramref name="record"/>.</param>
    /// <param name="record">What the epoch measured.</param>
    public virtual void OnEpochEnd(FitContext context, EpochRecord record)
    {
    }

    /// <summary>
    /// The place to save the run by <see cref="FitContext.Save"/>: every callback has seen the step or the epoch, and at the end of the run none has put other
    /// weights into the model yet.
    /// </summary>
    /// <param name="context">The run.</param>
    /// <param name="point">What has just ended.</param>
    public virtual void OnSavePoint(FitContext context, SavePoint point)
    {
    }

    /// <summary>When the run has failed, in the trainer or in a callback; the exception goes on to the caller. Not when the run was cancelled.</summary>
    /// <param name="context">The run, as the failure left it.</param>
    /// <param name="exception">The failure.</param>
    public virtual void OnException(FitContext context, Exception exception)
    {
    }

    /// <summary>After the last epoch, also when the run was stopped or cancelled, but not when it failed.</summary>
    /// <param name="context">The run.</param>
    public virtual void OnFitEnd(FitContext context)
    {
    }
}

/// <summary>A moment at which a run may be saved, named by what has just ended.</summary>
public enum SavePoint
{
    /// <summary>A step, of which the epoch may have more.</summary>
    Step,

    /// <summary>An epoch and its validation.</summary>
    Epoch,

    /// <summary>The run, also when it was stopped or cancelled, but not when it failed.</summary>
    Run,
}

/// <summary>
/// A callback or learning-rate schedule with memory: what it remembers travels in checkpoints, so that a resumed run goes on as if never interrupted.
/// What can be read off the run's counters and history needs no memory.
/// </summary>
public interface IStateful
{
    /// <summary>
    /// The name of its memory in checkpoints: unique within the run, not empty, without <c>/</c>, and neither <c>epoch</c> nor <c>average</c>. It must be the same when the run is resumed.
    /// </summary>
    string Key { get; }

    /// <summary>Tensors it remembers, by name; they stay its own. Default: none.</summary>
    IReadOnlyDictionary<string, Tensor> StateTensors => System.Collections.Immutable.ImmutableDictionary<string, Tensor>.Empty;

    /// <summary>Forgets everything; called before the first method of every run, so that one used for a second run starts anew.</summary>
    void ResetState();

    /// <summary>All else it remembers, as plain JSON; an empty object when that is nothing. JSON has no NaN and no infinity: write null for them.</summary>
    JsonNode SaveState();

    /// <summary>Remembers what a checkpoint holds; called after <see cref="ResetState"/> in a resumed run.</summary>
    /// <param name="state">As made by <see cref="SaveState"/>.</param>
    /// <param name="tensors">Those of <see cref="StateTensors"/>, in host memory; they are freed after the call, so copy what is to be kept.</param>
    void LoadState(JsonNode state, IReadOnlyDictionary<string, Tensor> tensors);
}
