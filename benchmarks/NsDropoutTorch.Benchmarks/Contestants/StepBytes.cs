using NsDropoutTorch.Training;

namespace NsDropoutTorch.Benchmarks.Contestants;

/// <summary>Managed bytes that a step of the trainer allocates: the median, which is that of a steady step.</summary>
internal sealed class StepBytes : Callback
{
    private readonly List<long> _steps = [];
    private long _before = -1;

    public double Median => _steps.Count == 0 ? 0 : _steps.Order().ElementAt(_steps.Count / 2);

    public override void OnStepEnd(FitContext context)
    {
        var now = GC.GetAllocatedBytesForCurrentThread();
        if (_before >= 0) _steps.Add(now - _before);
        _before = GC.GetAllocatedBytesForCurrentThread();
    }
}
