namespace NsDropoutTorch.Training;

/// <summary>The callbacks of a run, told in their order.</summary>
internal sealed class CallbackList(Callback[] callbacks, FitContext context) : IDisposable
{
    private readonly List<IDisposable> claims = [];

    /// <summary>Takes what each needs for itself alone, until disposed.</summary>
    public void Claim()
    {
        foreach (var callback in callbacks)
        {
            if (callback.Claim() is { } claim)
                claims.Add(claim);
        }
    }

    public void FitBegin()
    {
        foreach (var callback in callbacks)
            callback.OnFitBegin(context);
    }

    public void EpochBegin()
    {
        foreach (var callback in callbacks)
            callback.OnEpochBegin(context);
    }

    public void StepBegin()
    {
        foreach (var callback in callbacks)
            callback.OnStepBegin(context);
    }

    public void StepEnd()
    {
        foreach (var callback in callbacks)
            callback.OnStepEnd(context);
        OfferToSave(SavePoint.Step);
    }

    public void EpochEnd(EpochRecord record)
    {
        foreach (var callback in callbacks)
            callback.OnEpochEnd(context, record);
    }

    public void OfferToSave(SavePoint point)
    {
        foreach (var callback in callbacks)
            callback.OnSavePoint(context, point);
    }

    public void FitEnd()
    {
        foreach (var callback in callbacks)
            callback.OnFitEnd(context);
    }

    public void Failed(Exception exception)
    {
        foreach (var callback in callbacks)
            callback.OnException(context, exception);
    }

    public void Dispose() => claims.ForEach(claim => claim.Dispose());
}
