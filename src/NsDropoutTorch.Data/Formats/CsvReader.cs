using nietras.SeparatedValues;

namespace NsDropoutTorch.Data.Formats;

/// <summary>
/// CSV text by rows and cells: cells may be quoted, a quote inside doubles, quoted cells may span lines; a line ends with LF, CR LF or CR. Sep splits; what it lets pass,
/// a quote out of place or a comment, is a <see cref="DataFormatException"/> here.
/// </summary>
internal static class CsvReader
{
    /// <summary>The rows, blank lines among them.</summary>
    public static SepReader Open(string text, string name) => Sep.New(CsvSeparator.Of(text, name))
        .Reader(options => options with { HasHeader = false, DisableColCountCheck = true }).FromText(text);

    /// <summary>The text of a cell, without its quotes, or without spaces around it.</summary>
    /// <param name="row">The row.</param>
    /// <param name="line">The line it begins on.</param>
    /// <param name="column">Index of the cell.</param>
    /// <param name="name">What errors call the file.</param>
    public static ReadOnlySpan<char> Cell(SepReader.Row row, int line, int column, string name)
    {
        var cell = row[column].Span;
        if (column == 0 && cell is ['#', ..])
            throw new DataFormatException(Invariant($"A CSV file must hold rows alone, but {name}, line {line} begins with '#': remove its comments."));
        return !cell.Contains('"') ? cell.Trim() : Unquoted(cell) ?? throw Misquoted(row, line, column, name);
    }

    /// <summary>Whether a row is a line without text.</summary>
    public static bool IsBlank(SepReader.Row row, int line, string name) => row.ColCount == 1 && Cell(row, line, 0, name).IsEmpty;

    private static string? Unquoted(ReadOnlySpan<char> cell)
    {
        if (cell is not ['"', .. var inside, '"']) return null;
        var text = inside.ToString().Replace("\"\"", "\0", StringComparison.Ordinal);
        return text.Contains('"', StringComparison.Ordinal) ? null : text.Replace('\0', '"');
    }

    private static DataFormatException Misquoted(SepReader.Row row, int line, int column, string name)
    {
        for (var before = 0; before < column; before++)
            line += row[before].Span.Count('\n');
        var cell = row[column].Span;
        var place = Invariant($"{name}, line {line}, column {column + 1}");
        return new(
            cell[0] != '"' ? $"A quote must stand at both ends of a cell and be doubled inside it, but {place} has one inside."
            : cell.Count('"') % 2 == 0 ? $"A quoted cell must end at its quote, but the one in {place} goes on after it."
            : $"A quoted cell must end with a quote, but the one in {place} never does.");
    }
}
