namespace NsDropoutTorch.Training;

/// <summary>
/// Watches a training run; every method is empty by default. A callback may read all of its context and request a stop, and changes nothing else.
/// One that is used for a second run starts anew in <see cref="OnFitBegin"/>. One whose memory is to outlive an interruption implements <see cref="IStateful"/>, so that a resumed run goes on with it. It runs inside a dispose scope of the trainer: tensors it keeps must be detached from it (<c>DetachFromDisposeScope</c>).
/// </summary>
public abstract class Callback
{
    /// <summary>Before the first epoch, also of a run that is resumed: forgets what it saw of another run. What an <see cref="IStateful"/> remembers is in order by then.</summary>
    /// <param name="context">The run.</param>
    public virtual void OnFitBegin(FitContext context)
    {
    }

    /// <summary>Before each epoch, also before the rest of one that is resumed.</summary>
    /// <param name="context">The run.</param>
    public virtual void OnEpochBegin(FitContext context)
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

    /// <summary>After the last epoch, also when the run was stopped or cancelled, but not when it failed.</summary>
    /// <param name="context">The run.</param>
    public virtual void OnFitEnd(FitContext context)
    {
    }
}
