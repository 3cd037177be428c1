namespace NsDropoutTorch.Data.Formats;

/// <summary>Decides whether the first row of a CSV file is a header, and holds a header to its rules.</summary>
internal static class CsvHeaderRule
{
    private const int LeastProgression = 3;

    /// <summary>Whether it is one; throws <see cref="DataFormatException"/> where the rows leave it open.</summary>
    public static bool IsHeader(CsvGrid grid, CsvOptions options) => options.Header switch
    {
        CsvHeader.Yes => true,
        CsvHeader.No => false,
        _ => Certain(grid, options.LabelColumn) ?? throw new DataFormatException(
            Invariant($"It must be certain whether the first row holds names, but that of {grid.Name}, line {grid.Lines[0]} ({Shown(grid.FirstRow)}) may hold names or data: say --header yes or --header no.")),
    };

    /// <summary>Throws <see cref="DataFormatException"/> unless every column has a name of its own and none is an index or empty.</summary>
    public static void CheckNames(CsvGrid grid)
    {
        foreach (var column in grid.Columns)
        {
            var name = grid.FirstRow[column.Index];
            if (name is "" or "Unnamed: 0" && column.CountsRows)
            {
                throw new DataFormatException(
                    Invariant($"A column must hold measurements or classes, but column {column.Index + 1} of {grid.Name} has no name and counts the rows: remove it (pandas: to_csv(…, index=False))."));
            }

            if (name.Length == 0)
                throw new DataFormatException(Invariant($"Every column must have a name, but column {column.Index + 1} of {grid.Name}, line {grid.Lines[0]} has none: name it or remove it."));
        }

        var twice = grid.FirstRow.Index().GroupBy(name => name.Item, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new DataFormatException(
                Invariant($"Every column must have a name of its own, but columns {string.Join(" and ", twice.Select(name => name.Index + 1))} of {grid.Name}, line {grid.Lines[0]} are both '{twice.Key}': ")
                + "rename one, or say --header no where the row holds data.");
        }
    }

    private static bool? Certain(CsvGrid grid, string? labelColumn)
    {
        if (grid.Lines.Count == 1)
            return grid.Columns.All(column => column.NoNumberFirst is not null);
        if (labelColumn is not null && CsvLabelRule.IsName(labelColumn) && grid.FirstRow.Contains(labelColumn.Trim(), StringComparer.OrdinalIgnoreCase))
            return true;
        if (grid.Columns.Any(column => column.HasWordOverNumbers) || (grid.FirstRow[0].Length == 0 && grid.Columns[0].CountsRows))
            return true;
        var label = grid.Columns[CsvLabelRule.PlaceOf(labelColumn, grid.Columns.Length) ?? (grid.Columns.Length - 1)];
        return label.Texts.Skip(1).Contains(label.Texts[0], StringComparer.Ordinal) && !IsProgression(grid) ? false : null;
    }

    // 0,1,2,… and 1,2,3,… are names that data frames give; a row of wavelengths has equal steps before the class.
    private static bool IsProgression(CsvGrid grid)
    {
        var row = Enumerable.Range(0, grid.Columns.Length).Select(column => grid.ValueAt(0, column)).ToArray();
        return (row[0] is 0 or 1 && HasEqualSteps(row) && row[1] - row[0] == 1) || (row.Length > LeastProgression && HasEqualSteps(row[..^1]));
    }

    private static bool HasEqualSteps(float[] row) =>
        row[1] != row[0] && row.Skip(1).Zip(row, (next, before) => next - before).All(step => step == row[1] - row[0]);

    private static string Shown(string[] row) => string.Join(',', row.Length > 8 ? [.. row[..7], "…"] : row);
}
