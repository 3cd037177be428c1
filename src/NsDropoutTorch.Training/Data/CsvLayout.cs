using System.Globalization;

namespace NsDropoutTorch.Training.Data;

/// <summary>What the first row of a CSV file says of all others: how many columns, what they are called, which holds the class.</summary>
internal sealed record CsvLayout(string File, IReadOnlyList<string>? Header, int Columns, int LabelColumn)
{
    private static readonly string[] LabelNames = ["label", "class", "target"];

    /// <summary>Names of the columns of measurements.</summary>
    public string[] FeatureNames =>
        [.. Enumerable.Range(0, Columns).Where(column => column != LabelColumn).Select((column, i) => Header?[column] ?? Invariant($"x{i + 1}"))];

    /// <summary>Reads the layout off <paramref name="first"/>, which is a header where none of its cells is a number or one is a usual name for the class.</summary>
    public static CsvLayout Of(CsvRow first, string? labelColumn, string file)
    {
        var cells = first.Cells;
        if (cells.Count < 2)
            throw new DataFormatException($"A CSV data set must have a column of classes and at least one of numbers, but {file} has 1 column.");
        var isHeader = cells.Any(IsLabelName) || !cells.Any(cell => IsNumber(cell, out _));
        var header = isHeader ? cells : null;
        return new CsvLayout(file, header, cells.Count, labelColumn is null ? UsualLabelColumn(cells) : FindColumn(header, cells.Count, labelColumn, file));
    }

    /// <summary>The class in <paramref name="row"/>.</summary>
    public string ClassOf(CsvRow row) => row.Cells.Count == Columns
        ? row.Cells[LabelColumn]
        : throw new DataFormatException(Invariant($"Every row must have the {Columns} columns of the first, but {File}, line {row.Line} has {row.Cells.Count}."));

    /// <summary>The measurement in a column of <paramref name="row"/>.</summary>
    public float NumberOf(CsvRow row, int column) => IsNumber(row.Cells[column], out var value)
        ? value
        : throw new DataFormatException(Invariant($"A measurement must be a finite number, but {File}, line {row.Line}, column {column + 1} holds '{row.Cells[column]}'."));

    private static int UsualLabelColumn(IReadOnlyList<string> cells)
    {
        var usual = cells.ToList().FindIndex(IsLabelName);
        return usual >= 0 ? usual : cells.Count - 1;
    }

    private static int FindColumn(IReadOnlyList<string>? header, int columns, string wanted, string file)
    {
        var named = header?.ToList().FindIndex(cell => cell.Equals(wanted, StringComparison.OrdinalIgnoreCase)) ?? -1;
        if (named >= 0)
            return named;
        if (int.TryParse(wanted, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= columns)
            return number - 1;
        var have = header is null ? Invariant($"{columns} columns without a header") : string.Join(", ", header);
        throw new DataFormatException($"The label column must be one of the columns of {file} by name or number, but got '{wanted}'; it has {have}.");
    }

    private static bool IsLabelName(string cell) => LabelNames.Contains(cell, StringComparer.OrdinalIgnoreCase);

    private static bool IsNumber(string cell, out float value) =>
        float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);
}
