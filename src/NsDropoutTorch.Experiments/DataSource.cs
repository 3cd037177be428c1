using System.Text.Json.Serialization;
using NsDropoutTorch.Training.Data;

namespace NsDropoutTorch.Experiments;

/// <summary>The data a comparison ran on, so that a result can be repeated.</summary>
/// <param name="Source">Author, title and licence, or how it was generated.</param>
/// <param name="TrainCount">Samples of the training set, before it is split.</param>
/// <param name="TestCount">Samples of the test set.</param>
/// <param name="Files">The files read, with checksums; empty where the data is generated.</param>
public sealed record DataSource(string Source, int TrainCount, int TestCount, IReadOnlyList<DataFile> Files)
{
    private const int MostShown = 12;

    /// <summary>The column of a table taken for the class, <c>column 5 (species)</c>; null where the data is no table.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LabelColumn { get; init; }

    /// <summary>Names of the classes in order of the labels; missing in documents of before they were told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>What <paramref name="dataset"/> was made of.</summary>
    internal static DataSource Of(Dataset dataset) =>
        new(dataset.Source, dataset.Train.Count, dataset.Test.Count, dataset.Files) { LabelColumn = dataset.LabelColumn, Classes = dataset.ClassNames };

    /// <summary>What was taken for the class: the column and its classes, or their number where the data is no table; null where a document does not tell.</summary>
    internal string? LabelText => Classes is null ? null
        : LabelColumn is null ? $"{Classes.Count} classes"
        : $"class in {LabelColumn}: {string.Join(", ", Classes.Take(MostShown))}{(Classes.Count > MostShown ? $", … ({Classes.Count} classes)" : "")}";
}
