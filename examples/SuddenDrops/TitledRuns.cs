namespace SuddenDrops;

/// <summary>Runs that a picture shows together.</summary>
/// <param name="Title">What stands beside them.</param>
/// <param name="Runs">Runs of one variant.</param>
internal sealed record TitledRuns(string Title, IReadOnlyList<DropRun> Runs);
