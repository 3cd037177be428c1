namespace NsDropoutTorch.Experiments.Text;

/// <summary>How loud a cell or a line of a table is.</summary>
public enum Tone
{
    /// <summary>As any other.</summary>
    Plain,

    /// <summary>A figure that leaks, or what is said of it.</summary>
    Warning,

    /// <summary>A result that is missing.</summary>
    Alarm,
}

/// <summary>A piece of text of a table.</summary>
/// <param name="Text">The text; a cell may have several lines.</param>
/// <param name="Tone">How loud it is.</param>
public readonly record struct ToneText(string Text, Tone Tone = Tone.Plain);

/// <summary>A column of a table.</summary>
/// <param name="Header">Its heading; may have several lines.</param>
/// <param name="IsNumeric">Whether its cells stand at the right.</param>
public readonly record struct TextColumn(string Header, bool IsNumeric = false);

/// <summary>A table for people, with lines above and below it; whoever shows it chooses borders and colours.</summary>
/// <param name="Title">What stands over the columns.</param>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">One cell for each column.</param>
public sealed record TextTable(string Title, IReadOnlyList<TextColumn> Columns, IReadOnlyList<IReadOnlyList<ToneText>> Rows)
{
    private const string Gap = "  ";

    /// <summary>Lines above the table.</summary>
    public IReadOnlyList<ToneText> Before { get; init; } = [];

    /// <summary>Lines below the table.</summary>
    public IReadOnlyList<ToneText> After { get; init; } = [];

    /// <summary>All of it as plain text, columns aligned; without a new line at the end.</summary>
    public override string ToString()
    {
        string[][] rows = [[.. Columns.Select(column => column.Header)], .. Rows.Select(row => row.Select(cell => cell.Text).ToArray())];
        var widths = Columns.Select((_, i) => rows.Max(row => row[i].Split('\n').Max(line => line.Length))).ToArray();
        string[] table = [.. Lines(rows[0], widths), new('─', widths.Sum() + (Gap.Length * (widths.Length - 1))), .. rows.Skip(1).SelectMany(row => Lines(row, widths))];
        return string.Join('\n', [.. Before.Select(line => line.Text), .. Title.Split('\n'), "", .. table, "", .. After.Select(line => line.Text)]).TrimEnd();
    }

    private IEnumerable<string> Lines(string[] cells, int[] widths)
    {
        var parts = Array.ConvertAll(cells, cell => cell.Split('\n'));
        return Enumerable.Range(0, parts.Max(part => part.Length)).Select(line => string.Join(Gap, parts.Select((part, i) =>
        {
            var text = line < part.Length ? part[line] : "";
            return Columns[i].IsNumeric ? text.PadLeft(widths[i]) : text.PadRight(widths[i]);
        })).TrimEnd());
    }
}
