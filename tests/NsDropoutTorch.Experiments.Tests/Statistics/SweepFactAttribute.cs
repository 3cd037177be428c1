namespace NsDropoutTorch.Experiments.Tests.Statistics;

/// <summary>A long sweep that is run by hand.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SweepFactAttribute : FactAttribute
{
    private const string Variable = "NSDROPOUT_SWEEP";

    public SweepFactAttribute() => Skip = Environment.GetEnvironmentVariable(Variable) == "1" ? null : $"takes minutes; {Variable}=1 runs it";
}
