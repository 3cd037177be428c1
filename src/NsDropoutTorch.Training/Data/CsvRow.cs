namespace NsDropoutTorch.Training.Data;

/// <summary>One row of a CSV file and the line it begins on, counted from 1.</summary>
internal sealed record CsvRow(int Line, IReadOnlyList<ReadOnlyMemory<char>> Cells);
