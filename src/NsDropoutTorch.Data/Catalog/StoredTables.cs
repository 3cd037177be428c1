using NsDropoutTorch.Data.Formats;

namespace NsDropoutTorch.Data.Catalog;

/// <summary>Makes a data set of one CSV file, which has no test part of its own.</summary>
internal static class CsvDataset
{
    private const double TestShare = 0.2;
    private const long Seed = 0;

    /// <summary>Reads <paramref name="path"/> and holds out a fifth of each class as the test part.</summary>
    public static TabularDataset ReadFile(string path, CsvOptions? options = null) =>
        HoldOut(Path.GetFileName(path), TabularCsv.ReadFile(path, options), $"{path}, a fifth of each class held out as test part.", [DataFileReader.Identify(path)]);

    /// <summary>Divides <paramref name="table"/> by <see cref="StratifiedHoldout"/>.</summary>
    public static TabularDataset HoldOut(string name, CsvTable table, string source, IReadOnlyList<DataFile> files)
    {
        var (train, test) = StratifiedHoldout.Split([.. table.Rows.Labels.Select(label => (long)label)], TestShare, Seed);
        if (test.Length == 0)
            throw new DataFormatException($"A data set must have a class with at least two rows, one to learn from and one to test, but {name} has none.");
        return new TabularDataset(
            name, table.ClassNames.Count, table.ClassNames, table.FeatureNames, table.Rows.Select(train), table.Rows.Select(test), source, files) { LabelColumn = table.LabelColumn };
    }
}

/// <summary>Iris: one CSV file, a fifth of each class held out as the test part.</summary>
internal sealed class StoredIris : StoredDataset
{
    private static readonly string[] Species = ["Iris-setosa", "Iris-versicolor", "Iris-virginica"];
    private static readonly string[] Measurements = ["sepal length", "sepal width", "petal length", "petal width"];

    /// <inheritdoc/>
    public override IReadOnlyList<StoredFile> FilesIn(string folder) => [StoredFile.In(folder, "iris.data")];

    /// <inheritdoc/>
    protected override Dataset Read(string folder)
    {
        var table = TabularCsv.ReadFile(Path.Combine(folder, "iris.data"), new CsvOptions { LabelColumn = "last", Header = CsvHeader.No, ClassNames = Species });
        return CsvDataset.HoldOut(Name, table with { FeatureNames = Measurements }, Source, []);
    }
}
