using System.Text;
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

/// <summary>Finds what separates the cells of a CSV text: comma, semicolon or tab.</summary>
internal static class CsvSeparator
{
    private const int Rows = 50;

    /// <summary>
    /// The one that gives the first rows equally many cells, more than one, and the most numbers; comma where none gives more than one.
    /// Throws <see cref="DataFormatException"/> where two do equally well.
    /// </summary>
    public static char Of(string text, string name)
    {
        var ranked = ",;\t".Select(separator => (Separator: separator, Rank: RankOf(Sample(text, separator)))).Where(entry => entry.Rank.Columns > 1)
            .OrderByDescending(entry => (entry.Rank.Even, entry.Rank.Numbers)).ToList();
        if (ranked is [var first, var second, ..] && (first.Rank.Even, first.Rank.Numbers) == (second.Rank.Even, second.Rank.Numbers))
        {
            throw new DataFormatException(
                $"One character must separate the columns, but in {name} both {Named(first.Separator)} and {Named(second.Separator)} may: write numbers with a decimal point, and quote cells that hold the other one.");
        }

        return ranked.Count > 0 ? ranked[0].Separator : ',';
    }

    private static (int Columns, bool Even, double Numbers) RankOf(List<List<string>> rows) => (
        rows.Select(row => row.Count).DefaultIfEmpty().Max(),
        rows.TrueForAll(row => row.Count == rows[0].Count),
        rows.SelectMany(row => row).Select(cell => cell.Trim().Trim('"')).Select(cell => CsvCell.IsNumber(cell, out _) || CsvCell.IsForeignNumber(cell) ? 1.0 : 0).DefaultIfEmpty().Average());

    // Takes quotes as they come: whether they are in place is not known before the separator is.
    private static List<List<string>> Sample(string text, char separator)
    {
        var rows = new List<List<string>>();
        var row = new List<string>();
        var (start, quoted) = (0, false);
        for (var i = 0; i <= text.Length && rows.Count < Rows; i++)
        {
            var c = i < text.Length ? text[i] : '\n';
            quoted ^= c == '"';
            if ((quoted && i < text.Length) || (c != separator && c is not ('\r' or '\n')))
                continue;
            row.Add(text[start..i]);
            start = i + 1;
            if (c == separator)
                continue;
            if (row is not [var only] || !string.IsNullOrWhiteSpace(only))
                rows.Add(row);
            row = [];
        }

        return rows;
    }

    private static string Named(char separator) => separator switch { ',' => "comma", ';' => "semicolon", _ => "tab" };
}

/// <summary>Reads the text of a CSV file: UTF-8, or UTF-16 or UTF-32 that begins with its mark. Whatever is wrong is a <see cref="DataFormatException"/>.</summary>
internal static class CsvText
{
    // .NET's strings hold no more than about twice that.
    private const int MostCharacters = 500_000_000;

    /// <summary>The text of a file, compressed or not, without its mark.</summary>
    public static string ReadFile(string path) => DataFileReader.Read(path, (stream, _) =>
    {
        using var reader = new StreamReader(FileKind.CheckText(stream, path), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        try
        {
            var text = Read(reader, path);
            var zero = text.IndexOf('\0', StringComparison.Ordinal);
            return zero < 0 ? text : throw new DataFormatException(
                Invariant($"A CSV file must be text in UTF-8, but {path}, line {1 + text.AsSpan(0, zero).Count('\n')} holds a zero byte: is it another kind of file, or UTF-16 without its mark? Save it as UTF-8."));
        }
        catch (DecoderFallbackException e)
        {
            throw new DataFormatException($"A CSV file must be text in UTF-8, but {path} is not (byte {e.BytesUnknown?.FirstOrDefault():x2}): save it as UTF-8.", e);
        }
    });

    private static string Read(StreamReader reader, string path)
    {
        var text = new StringBuilder();
        var buffer = new char[1 << 16];
        while (reader.Read(buffer) is var count && count > 0)
        {
            if (text.Length + count > MostCharacters)
                throw new DataFormatException($"A CSV file must hold at most {MostCharacters / 1_000_000} million characters, but {path} holds more: divide it, or write it as IDX files.");
            text.Append(buffer, 0, count);
        }

        return text.ToString();
    }
}
