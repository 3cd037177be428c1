namespace NsDropoutTorch.Training.Data;

/// <summary>How a CSV file is read where its contents do not say.</summary>
public sealed record CsvOptions
{
    /// <summary>Name or number (from 1) of the column that holds the class; by default one named label, class or target, else the last.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>The classes in order of their indices; by default those found, by number where all are whole numbers, else by character code.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }
}
