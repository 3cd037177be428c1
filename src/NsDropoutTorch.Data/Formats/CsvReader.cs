using System.Buffers;

namespace NsDropoutTorch.Data.Formats;

/// <summary>
/// Splits CSV text into rows: cells may be quoted, a quote inside doubles, quoted cells may span lines; blank lines are skipped.
/// A quote that is out of place and a comment are a <see cref="DataFormatException"/>.
/// </summary>
/// <remarks>RFC 4180, with the separator free; a line ends with LF, CR LF or CR.</remarks>
internal sealed class CsvReader(string text, char separator, string name)
{
    private readonly SearchValues<char> ends = SearchValues.Create(separator, '\r', '\n', '"');
    private int position;
    private int line = 1;

    /// <summary>The rows in order.</summary>
    public IEnumerable<CsvRow> ReadRows()
    {
        while (position < text.Length)
        {
            if (Next == '#')
                throw new DataFormatException(Invariant($"A CSV file must hold rows alone, but {name}, line {line} begins with '#': remove its comments."));
            var first = line;
            var cells = ReadCells();
            if (cells is not [{ IsEmpty: true }])
                yield return new CsvRow(first, cells);
        }
    }

    private char Next => position < text.Length ? text[position] : '\n';

    private List<ReadOnlyMemory<char>> ReadCells()
    {
        var cells = new List<ReadOnlyMemory<char>>();
        while (true)
        {
            cells.Add(Next == '"' ? ReadQuoted(cells.Count + 1) : ReadPlain(cells.Count + 1));
            if (Next != separator)
                break;
            position++;
        }

        position += text.AsSpan(position).StartsWith("\r\n", StringComparison.Ordinal) ? 2 : 1;
        line++;
        return cells;
    }

    private ReadOnlyMemory<char> ReadPlain(int column)
    {
        var length = text.AsSpan(position).IndexOfAny(ends);
        var cell = text.AsMemory(position, length < 0 ? text.Length - position : length);
        position += cell.Length;
        return Next != '"'
            ? cell.Trim()
            : throw new DataFormatException(Invariant($"A quote must stand at both ends of a cell and be doubled inside it, but {name}, line {line}, column {column} has one inside."));
    }

    private ReadOnlyMemory<char> ReadQuoted(int column)
    {
        var (firstLine, start) = (line, ++position);
        while (true)
        {
            var length = text.AsSpan(position).IndexOf('"');
            if (length < 0)
                throw new DataFormatException(Invariant($"A quoted cell must end with a quote, but the one in {name}, line {firstLine}, column {column} never does."));
            line += text.AsSpan(position, length).Count('\n');
            position += length + 1;
            if (Next != '"')
                break;
            position++;
        }

        if (Next != separator && Next is not ('\r' or '\n'))
            throw new DataFormatException(Invariant($"A quoted cell must end at its quote, but the one in {name}, line {firstLine}, column {column} goes on after it."));
        var cell = text.AsMemory(start, position - 1 - start);
        return cell.Span.Contains('"') ? cell.ToString().Replace("\"\"", "\"", StringComparison.Ordinal).AsMemory() : cell;
    }
}

/// <summary>One row of a CSV file and the line it begins on, counted from 1.</summary>
internal sealed record CsvRow(int Line, IReadOnlyList<ReadOnlyMemory<char>> Cells);
