using NsDropoutTorch.Data.Formats;

namespace NsDropoutTorch.Data.Catalog;

/// <summary>Iris: one CSV file, a fifth of each class held out as the test part.</summary>
internal sealed class StoredIris : StoredDataset
{
    private static readonly string[] Species = ["Iris-setosa", "Iris-versicolor", "Iris-virginica"];
    private static readonly string[] Measurements = ["sepal length", "sepal width", "petal length", "petal width"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> FilesIn(string folder) => ["iris.data"];

    /// <inheritdoc/>
    protected override Dataset Read(string folder)
    {
        var table = TabularCsv.ReadFile(Path.Combine(folder, "iris.data"), new CsvOptions { LabelColumn = "last", Header = CsvHeader.No, ClassNames = Species });
        return CsvDataset.HoldOut(Name, table with { FeatureNames = Measurements }, Source, []);
    }
}
