using System.Globalization;

namespace NsDropoutTorch.Training.Data;

/// <summary>
/// CSV files with a column of classes and otherwise numbers. The separator is the one of comma, semicolon and tab that the first line has
/// most of; the first row is a header where none of its cells is a number or one is named label, class or target.
/// Whatever is wrong is a <see cref="DataFormatException"/> that names line and column.
/// </summary>
public static class TabularCsv
{
    private static readonly string[] LabelNames = ["label", "class", "target"];

    /// <summary>Reads a file, compressed or not.</summary>
    public static CsvTable ReadFile(string path, CsvOptions? options = null) => DataFileReader.Read(path, (stream, _) =>
    {
        using var text = new StreamReader(stream);
        return Parse(text.ReadToEnd(), path, options);
    });

    /// <summary>Reads <paramref name="text"/>; <paramref name="name"/> is what errors call it.</summary>
    public static CsvTable Parse(string text, string name, CsvOptions? options = null)
    {
        var firstLine = text.AsSpan().TrimStart("\r\n").ToString().Split('\n', 2)[0];
        var rows = new CsvReader(new StringReader(text), CsvReader.SeparatorOf(firstLine), name).ReadRows().ToList();
        var header = rows.Count > 0 && IsHeader(rows[0].Cells) ? rows[0].Cells : null;
        var data = header is null ? rows : rows[1..];
        if (data.Count == 0)
            throw new DataFormatException($"A CSV data set must have at least one row of data, but {name} has none.");
        CheckColumns(rows, name);
        var labelColumn = FindLabelColumn(header, data[0].Cells.Count, options?.LabelColumn, name);
        var classNames = options?.ClassNames ?? FindClassNames(data, labelColumn, name);
        return new CsvTable(FeatureNames(header, data[0].Cells.Count, labelColumn), classNames, ReadValues(data, labelColumn, classNames, name));
    }

    private static bool IsHeader(IReadOnlyList<string> cells) =>
        cells.Any(cell => LabelNames.Contains(cell, StringComparer.OrdinalIgnoreCase)) || !cells.Any(cell => IsNumber(cell, out _));

    private static void CheckColumns(List<CsvRow> rows, string name)
    {
        var count = rows[0].Cells.Count;
        if (count < 2)
            throw new DataFormatException($"A CSV data set must have a column of classes and at least one of numbers, but {name} has {count} column.");
        if (rows.Find(row => row.Cells.Count != count) is { } odd)
            throw new DataFormatException($"Every row must have the {count} columns of the first, but {name}, line {odd.Line} has {odd.Cells.Count}.");
    }

    private static int FindLabelColumn(IReadOnlyList<string>? header, int columns, string? wanted, string name)
    {
        var names = header ?? [];
        if (wanted is null)
        {
            var known = names.ToList().FindIndex(cell => LabelNames.Contains(cell, StringComparer.OrdinalIgnoreCase));
            return known >= 0 ? known : columns - 1;
        }

        var named = names.ToList().FindIndex(cell => cell.Equals(wanted, StringComparison.OrdinalIgnoreCase));
        if (named >= 0)
            return named;
        if (int.TryParse(wanted, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= columns)
            return number - 1;
        var have = header is null ? $"{columns} columns without a header" : string.Join(", ", header);
        throw new DataFormatException($"The label column must be one of {name}'s columns by name or number, but got '{wanted}'; it has {have}.");
    }

    private static string[] FindClassNames(List<CsvRow> data, int labelColumn, string name)
    {
        var found = data.Select(row => row.Cells[labelColumn]).ToHashSet(StringComparer.Ordinal);
        if (found.Count > 256)
        {
            throw new DataFormatException(
                $"The label column must hold at most 256 classes, but column {labelColumn + 1} of {name} holds {found.Count}: is it the right column?");
        }

        return found.All(cell => int.TryParse(cell, CultureInfo.InvariantCulture, out _))
            ? [.. found.OrderBy(cell => int.Parse(cell, CultureInfo.InvariantCulture))]
            : [.. found.Order(StringComparer.Ordinal)];
    }

    private static string[] FeatureNames(IReadOnlyList<string>? header, int columns, int labelColumn) =>
        [.. Enumerable.Range(0, columns).Where(column => column != labelColumn).Select((column, i) => header?[column] ?? $"x{i + 1}")];

    private static TabularSet ReadValues(List<CsvRow> data, int labelColumn, IReadOnlyList<string> classNames, string name)
    {
        var indices = classNames.Index().ToDictionary(c => c.Item, c => (byte)c.Index, StringComparer.Ordinal);
        var values = new List<float>(data.Count * (data[0].Cells.Count - 1));
        var labels = new byte[data.Count];
        for (var i = 0; i < data.Count; i++)
        {
            var row = data[i];
            if (!indices.TryGetValue(row.Cells[labelColumn], out labels[i]))
                throw new DataFormatException($"The class must be one of {string.Join(", ", classNames)}, but {name}, line {row.Line}, column {labelColumn + 1} holds '{row.Cells[labelColumn]}'.");
            for (var column = 0; column < row.Cells.Count; column++)
            {
                if (column != labelColumn)
                    values.Add(Number(row, column, name));
            }
        }

        return new TabularSet(data[0].Cells.Count - 1, [.. values], labels);
    }

    private static float Number(CsvRow row, int column, string name) => IsNumber(row.Cells[column], out var value)
        ? value
        : throw new DataFormatException($"A measurement must be a finite number, but {name}, line {row.Line}, column {column + 1} holds '{row.Cells[column]}'.");

    private static bool IsNumber(string cell, out float value) =>
        float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);
}
