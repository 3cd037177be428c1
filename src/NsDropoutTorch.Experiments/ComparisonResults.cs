namespace NsDropoutTorch.Experiments;

/// <summary>The whole of <c>results.json</c>; tables and reports are pure functions of it. Errors are fractions in [0, 1].</summary>
/// <param name="Schema">Version of the document's structure: <see cref="CurrentSchema"/>.</param>
/// <param name="Environment">Where it ran.</param>
/// <param name="Settings">What was compared and how.</param>
/// <param name="Runs">One entry per layer and seed.</param>
/// <param name="Comparisons">Each layer against the first.</param>
public sealed record ComparisonResults(
    int Schema,
    RunEnvironment Environment,
    ComparisonSettings Settings,
    IReadOnlyList<RunResult> Runs,
    IReadOnlyList<PairedComparison> Comparisons)
{
    /// <summary>The version of the document's structure that this code writes and reads.</summary>
    public const int CurrentSchema = 1;
}
