namespace SuddenDrops;

/// <summary>Runs that a picture shows together.</summary>
/// <param name="Title">What stands beside them.</param>
/// <param name="Runs">Runs of one variant.</param>
internal sealed record TitledRuns(string Title, IReadOnlyList<DropRun> Runs)
{
    /// <summary>Mean error on the test part without labels.</summary>
    public double TestError => Runs.Average(run => run.TestError);

    /// <summary>The same with masks of the true labels, which leaks.</summary>
    public double TestErrorLabelMask => Runs.Average(run => run.TestErrorLabelMask);
}
