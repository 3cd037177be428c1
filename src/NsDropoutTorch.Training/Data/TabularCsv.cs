namespace NsDropoutTorch.Training.Data;

/// <summary>
/// CSV files with a column of classes and otherwise numbers. The separator is the one of comma, semicolon and tab that the first line has
/// most of; the first row is a header where none of its cells is a number or one is named label, class or target.
/// Whatever is wrong is a <see cref="DataFormatException"/> that names line and column.
/// </summary>
public static class TabularCsv
{
    /// <summary>Reads a file, compressed or not.</summary>
    public static CsvTable ReadFile(string path, CsvOptions? options = null) => DataFileReader.Read(path, (stream, _) =>
    {
        using var text = new StreamReader(stream);
        return Parse(text.ReadToEnd(), path, options);
    });

    /// <summary>Reads <paramref name="text"/>; <paramref name="name"/> is what errors call it.</summary>
    public static CsvTable Parse(string text, string name, CsvOptions? options = null)
    {
        var classes = new ClassIndex(options?.ClassNames);
        var values = new List<float>();
        CsvLayout? layout = null;
        foreach (var row in new CsvReader(new StringReader(text), CsvReader.SeparatorOf(text), name).ReadRows())
        {
            var isFirst = layout is null;
            layout ??= CsvLayout.Of(row, options?.LabelColumn, name);
            if (!isFirst || layout.Header is null)
                Append(row, layout, classes, values);
        }

        return values.Count > 0
            ? new CsvTable(layout!.FeatureNames, classes.Names, new TabularSet(layout.Columns - 1, [.. values], classes.ToLabels()))
            : throw new DataFormatException($"A CSV data set must have at least one row of data, but {name} has none.");
    }

    private static void Append(CsvRow row, CsvLayout layout, ClassIndex classes, List<float> values)
    {
        classes.Add(layout.ClassOf(row), () => Invariant($"{layout.File}, line {row.Line}, column {layout.LabelColumn + 1}"));
        for (var column = 0; column < layout.Columns; column++)
        {
            if (column != layout.LabelColumn)
                values.Add(layout.NumberOf(row, column));
        }
    }
}
