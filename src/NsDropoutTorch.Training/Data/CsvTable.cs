namespace NsDropoutTorch.Training.Data;

/// <summary>A CSV file as read: rows of measurements, their classes and the names of both.</summary>
/// <param name="FeatureNames">F names, from the header, else x1, x2, ….</param>
/// <param name="ClassNames">C names in order of the labels.</param>
/// <param name="Rows">Measurements [N,F] and labels [N].</param>
public sealed record CsvTable(IReadOnlyList<string> FeatureNames, IReadOnlyList<string> ClassNames, TabularSet Rows)
{
    /// <summary>The column taken for the class, by number from 1 and name: <c>column 5 (species)</c>.</summary>
    public string LabelColumn { get; init; } = "";
}
