using System.Text;

namespace NsDropoutTorch.Training.Data;

/// <summary>
/// Splits CSV text into rows: cells may be quoted, a quote inside doubles, quoted cells may span lines; blank lines are skipped.
/// </summary>
/// <remarks>RFC 4180, with the separator free.</remarks>
internal sealed class CsvReader(TextReader text, char separator, string name)
{
    private readonly StringBuilder cell = new();
    private int line = 1;

    /// <summary>The one of comma, semicolon and tab that the first line of <paramref name="text"/> has most of.</summary>
    public static char SeparatorOf(string text)
    {
        var firstLine = text.SkipWhile(c => c is '\r' or '\n').TakeWhile(c => c != '\n').ToList();
        return ",;\t".MaxBy(separator => firstLine.Count(c => c == separator));
    }

    /// <summary>The rows in order; a quote that is out of place is a <see cref="DataFormatException"/>.</summary>
    public IEnumerable<CsvRow> ReadRows()
    {
        while (text.Peek() >= 0)
        {
            var first = line;
            var cells = ReadCells();
            if (cells is not [""])
                yield return new CsvRow(first, cells);
        }
    }

    private void Skip() => _ = text.Read();

    private List<string> ReadCells()
    {
        var cells = new List<string>();
        while (true)
        {
            cells.Add(text.Peek() == '"' ? ReadQuoted(cells.Count + 1) : ReadPlain());
            if (text.Read() != separator)
                break;
        }

        line++;
        return cells;
    }

    private string ReadPlain()
    {
        cell.Clear();
        while (!AtEndOfCell())
            cell.Append((char)text.Read());
        return cell.ToString().Trim();
    }

    private string ReadQuoted(int column)
    {
        var first = line;
        cell.Clear();
        Skip();
        while (true)
        {
            var c = text.Read();
            if (c < 0)
                throw new DataFormatException(Invariant($"A quoted cell must end with a quote, but the one in {name}, line {first}, column {column} never does."));
            if (c == '"' && text.Peek() != '"')
                break;
            if (c == '"')
                Skip();
            line += c == '\n' ? 1 : 0;
            cell.Append((char)c);
        }

        return AtEndOfCell()
            ? cell.ToString()
            : throw new DataFormatException(Invariant($"A quoted cell must end at its quote, but the one in {name}, line {first}, column {column} goes on after it."));
    }

    /// <summary>Also steps over the CR of a CR LF, so that every row ends with LF or the end of the text.</summary>
    private bool AtEndOfCell()
    {
        if (text.Peek() == '\r')
            Skip();
        var next = text.Peek();
        return next < 0 || next == separator || next == '\n';
    }
}
