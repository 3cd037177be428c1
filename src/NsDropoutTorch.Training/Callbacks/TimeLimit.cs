namespace NsDropoutTorch.Training.Callbacks;

/// <summary>Ends a run at the first step or epoch that ends past the limit; resumed, the run goes on. The time counts from the beginning of this run, also of a resumed one.</summary>
/// <param name="limit">How long to train, above 0.</param>
/// <param name="clock">What measures the time; null: the system's clock.</param>
/// <exception cref="ArgumentException">The limit is not above 0.</exception>
public sealed class TimeLimit(TimeSpan limit, TimeProvider? clock = null) : Callback
{
    private readonly TimeProvider clock = clock ?? TimeProvider.System;
    private readonly TimeSpan limit = limit > TimeSpan.Zero ? limit : throw Require.Broken($"time limit must be above 0, but got {limit}.");
    private long started;

    /// <inheritdoc/>
    public override void OnFitBegin(FitContext context) => started = clock.GetTimestamp();

    /// <inheritdoc/>
    public override void OnStepEnd(FitContext context) => Check(context);

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record) => Check(context);

    private void Check(FitContext context)
    {
        if (clock.GetElapsedTime(started) >= limit)
        {
            context.RequestStop($"the time limit of {limit} is reached", isFinal: false);
        }
    }
}
