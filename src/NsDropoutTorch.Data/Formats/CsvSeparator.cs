namespace NsDropoutTorch.Data.Formats;

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
