namespace NsDropoutTorch.Training.Tests;

/// <summary>Writes down which callbacks came, and does what a test wants in them.</summary>
internal sealed class Recorder : Callback
{
    public List<string> Calls { get; } = [];

    public Action<FitContext>? StepEnd { get; init; }

    public Action<FitContext, EpochRecord>? EpochEnd { get; init; }

    public override void OnFitBegin(FitContext context) => Calls.Add("fit begins");

    public override void OnEpochBegin(FitContext context) => Calls.Add($"epoch {context.Epoch} begins");

    public override void OnStepEnd(FitContext context)
    {
        Calls.Add($"step {context.Iteration}");
        StepEnd?.Invoke(context);
    }

    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        Calls.Add($"epoch {record.Epoch} ends");
        EpochEnd?.Invoke(context, record);
    }

    public override void OnFitEnd(FitContext context) => Calls.Add("fit ends");
}
