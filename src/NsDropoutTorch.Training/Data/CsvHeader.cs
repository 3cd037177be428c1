namespace NsDropoutTorch.Training.Data;

/// <summary>Whether the first row of a CSV file holds names.</summary>
public enum CsvHeader
{
    /// <summary>As the rows say; a file that leaves it open is refused.</summary>
    Auto,

    /// <summary>It holds names.</summary>
    Yes,

    /// <summary>It holds data.</summary>
    No,
}
