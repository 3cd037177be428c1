using System.Text.Json.Serialization;

namespace NsDropoutTorch.Data.Formats;

/// <summary>
/// CSV files with a column of classes and otherwise numbers, separated by commas, semicolons or tabs, with or without a header. What a file leaves open, such as
/// whether the first row holds names or which column the class, <see cref="CsvOptions"/> says; nothing is guessed.
/// Whatever is wrong is a <see cref="DataFormatException"/> that names the line and column, or the option that says it.
/// </summary>
public static class TabularCsv
{
    /// <summary>Reads a file, compressed with gzip or not.</summary>
    public static CsvTable ReadFile(string path, CsvOptions? options = null) => Parse(CsvText.ReadFile(path), path, options);

    /// <summary>Reads <paramref name="text"/>; <paramref name="name"/> is what errors call it.</summary>
    public static CsvTable Parse(string text, string name, CsvOptions? options = null)
    {
        options ??= new CsvOptions();
        var grid = CsvGrid.Read(text, name, options.LabelColumn);
        CheckColumns(grid);
        var hasHeader = CsvHeaderRule.IsHeader(grid, options);
        if (hasHeader)
            CheckHeader(grid);
        var rule = new CsvLabelRule(grid, hasHeader, options);
        var label = rule.Find();
        var features = grid.Columns.Where(column => column != label).ToArray();
        foreach (var feature in features)
            CheckNumbers(grid, feature, hasHeader, rule.Suggestion(label));
        var classes = new ClassIndex(options.ClassNames);
        var start = hasHeader ? 1 : 0;
        for (var row = start; row < grid.Lines.Count; row++)
            classes.Add(label.Texts[row], () => grid.Place(row, label.Index));
        return new CsvTable(
            [.. features.Select((column, i) => hasHeader ? grid.FirstRow[column.Index] : Invariant($"x{i + 1}"))],
            classes.Names,
            new TabularSet(features.Length, Values(grid, features, start), classes.ToLabels())) { LabelColumn = rule.Named(label.Index) };
    }

    private static void CheckColumns(CsvGrid grid)
    {
        if (grid.Columns.Length < 2)
        {
            var separator = grid.FirstRow[0].Contains('|', StringComparison.Ordinal) ? "|" : grid.FirstRow[0].Contains(' ', StringComparison.Ordinal) ? "spaces" : null;
            throw new DataFormatException(
                $"A CSV data set must have a column of classes and at least one of numbers, but {grid.Name} has 1 column"
                + (separator is null ? "." : $": separate its columns by commas, semicolons or tabs, not by {separator}."));
        }

        var last = grid.Columns[^1];
        if (grid.Lines.Count > 1 && last.IsEmptyBelow && grid.FirstRow[^1].Length == 0)
            throw new DataFormatException(Invariant($"Every column must hold something, but column {last.Index + 1} of {grid.Name}, the last, is empty in every row: remove the separator at the end of each line."));
    }

    private static void CheckHeader(CsvGrid grid)
    {
        CsvHeaderRule.CheckNames(grid);
        if (grid.Lines.Count == 1)
            throw new DataFormatException($"A CSV data set must have at least one row of data, but {grid.Name} has none below its header.");
    }

    private static void CheckNumbers(CsvGrid grid, CsvColumn column, bool hasHeader, string suggestion)
    {
        var wrong = !hasHeader && column.NoNumberFirst is { } text ? (0, text) : column.NoNumberBelow;
        if (wrong is not var (row, cell))
            return;
        var repair = CsvCell.IsMissing(cell) ? ": fill it in, or remove the row."
            : CsvCell.IsForeignNumber(cell) ? ": write numbers with a decimal point and without thousands separators."
            : suggestion != "." ? suggestion
            : CsvCell.IsReal(cell) ? ": correct it, or remove the row."
            : ": write it as a number (one column of 0 and 1 for each word), or remove the column.";
        throw new DataFormatException($"A measurement must be a finite number, but {grid.Place(row, column.Index)} holds '{cell}'{repair}");
    }

    private static float[] Values(CsvGrid grid, CsvColumn[] features, int start)
    {
        var values = new float[checked((grid.Lines.Count - start) * features.Length)];
        for (var (row, at) = (start, 0); row < grid.Lines.Count; row++)
        {
            foreach (var feature in features)
                values[at++] = grid.ValueAt(row, feature.Index);
        }

        return values;
    }
}

/// <summary>A CSV file as read: rows of measurements, their classes and the names of both.</summary>
/// <param name="FeatureNames">F names, from the header, else x1, x2, ….</param>
/// <param name="ClassNames">C names in order of the labels.</param>
/// <param name="Rows">Measurements [N,F] and labels [N].</param>
public sealed record CsvTable(IReadOnlyList<string> FeatureNames, IReadOnlyList<string> ClassNames, TabularSet Rows)
{
    /// <summary>The column taken for the class, by number from 1 and name: <c>column 5 (species)</c>.</summary>
    public string LabelColumn { get; init; } = "";
}

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

/// <summary>Whether the first row of a CSV file holds names.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CsvHeader>))]
public enum CsvHeader
{
    /// <summary>As the rows say; a file that leaves it open is refused.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>It holds names.</summary>
    [JsonStringEnumMemberName("yes")]
    Yes,

    /// <summary>It holds data.</summary>
    [JsonStringEnumMemberName("no")]
    No,
}
