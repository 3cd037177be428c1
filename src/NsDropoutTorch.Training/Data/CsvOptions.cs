namespace NsDropoutTorch.Training.Data;

/// <summary>How a CSV file is read where its contents do not say.</summary>
public sealed record CsvOptions
{
    /// <summary>
    /// The column that holds the class: a whole number counts columns from 1, <c>first</c> and <c>last</c> are places, anything else is a name of the header.
    /// By default the one named label, class, target or y, else the last.
    /// </summary>
    public string? LabelColumn { get; init; }

    /// <summary>Whether the first row holds names.</summary>
    public CsvHeader Header { get; init; }

    /// <summary>The classes in order of their indices; by default those found, by number where all are whole numbers, else by character code.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }
}
