using System.Globalization;

namespace NsDropoutTorch.Data.Formats;

/// <summary>Decides which column of a CSV file holds the class, and refuses one that can hardly be meant.</summary>
internal sealed class CsvLabelRule(CsvGrid grid, bool hasHeader, CsvOptions options)
{
    private const string First = "first";
    private const string Last = "last";

    private int Start => hasHeader ? 1 : 0;

    /// <summary>Whether <paramref name="labelColumn"/> is a name of a header and no place.</summary>
    public static bool IsName(string labelColumn) =>
        labelColumn is not (First or Last) && !int.TryParse(labelColumn, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    /// <summary>The column that <paramref name="labelColumn"/> counts to, from 0; null where it is a name or no place of the file's.</summary>
    public static int? PlaceOf(string? labelColumn, int columns) => labelColumn switch
    {
        First => 0,
        Last => columns - 1,
        _ => int.TryParse(labelColumn, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= columns ? number - 1 : null,
    };

    /// <summary>The column; throws <see cref="DataFormatException"/> where there is no such column, or the one found can hardly be meant.</summary>
    public CsvColumn Find()
    {
        var found = grid.Columns[options.LabelColumn is { } wanted ? Given(wanted) : Usual() ?? (grid.Columns.Length - 1)];
        if (options.ClassNames is null)
        {
            Check(found);
            if (options.LabelColumn is null && Usual() is null)
                CheckOnlyLastIsMeant(found);
        }

        return found;
    }

    /// <summary>The first or last column if it is not <paramref name="column"/> and looks like one of classes, as the end of a sentence; else only the full stop.</summary>
    public string Suggestion(CsvColumn column)
    {
        (string Option, int Index)[] places = [(First, 0), (Last, grid.Columns.Length - 1)];
        foreach (var (option, index) in places.Where(place => place.Index != column.Index))
        {
            if (grid.Columns[index].ClassesFrom(Start) is { } classes)
                return $"; --label {option} takes {Named(index)}, which has {classes.Count} values.";
        }

        return ".";
    }

    /// <summary>A column as errors and results call it, by number and, where it has one, name.</summary>
    public string Named(int column) => hasHeader ? Invariant($"column {column + 1} ({grid.FirstRow[column]})") : Invariant($"column {column + 1}");

    private int? Usual()
    {
        int[] usual = hasHeader ? [.. grid.FirstRow.Index().Where(name => CsvGrid.IsUsualLabelName(name.Item)).Select(name => name.Index)] : [];
        return usual.Length <= 1 ? usual.Cast<int?>().FirstOrDefault() : throw new DataFormatException(
            $"One column must hold the class, but {string.Join(" and ", usual.Select(Named))} of {grid.Name} are both named as it usually is: choose with --label.");
    }

    private int Given(string wanted)
    {
        if (PlaceOf(wanted, grid.Columns.Length) is { } place)
            return place;
        int[] named = hasHeader && IsName(wanted) ? Matching(wanted.Trim()) : [];
        if (named.Length == 1)
            return named[0];
        var have = hasHeader ? string.Join(", ", grid.FirstRow) : $"{grid.Columns.Length} columns without a header";
        throw new DataFormatException(named.Length == 0
            ? $"The label column must be one of the columns of {grid.Name} by name or number, but got '{wanted}'; it has {have}."
            : $"The label column must be one column, but '{wanted}' are {string.Join(" and ", named.Select(Named))} of {grid.Name}: give its number.");
    }

    private int[] Matching(string name)
    {
        var exact = Array.IndexOf(grid.FirstRow, name);
        return exact >= 0 ? [exact] : [.. grid.FirstRow.Index().Where(cell => cell.Item.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(cell => cell.Index)];
    }

    private void Check(CsvColumn column)
    {
        string[] rows = [.. column.Texts.Skip(Start)];
        for (var i = 0; i < rows.Length; i++)
        {
            if (CsvCell.IsMissing(rows[i]))
                throw new DataFormatException($"Every row must have a class, but {grid.Place(i + Start, column.Index)} holds '{rows[i]}': fill it in, or remove the row.");
            if (CsvCell.IsReal(rows[i]))
                throw new DataFormatException(Invariant($"A class must be a word or a whole number, but {Named(column.Index)} of {grid.Name} holds '{rows[i]}' in line {grid.Lines[i + Start]}{Suggestion(column)}"));
        }

        var classes = rows.ToHashSet(StringComparer.Ordinal);
        if (classes.Count == 1)
            throw new DataFormatException($"The label column must hold at least two classes, but {Named(column.Index)} of {grid.Name} holds '{rows[0]}' in every row{Suggestion(column)}");
        if (classes.Count > ClassIndex.MaxClasses)
            throw new DataFormatException($"The label column must hold at most {ClassIndex.MaxClasses} classes, but {Named(column.Index)} of {grid.Name} holds {classes.Count} different values{Suggestion(column)}");
        if (2 * classes.Count > rows.Length)
            throw new DataFormatException($"The label column must hold the same classes again and again, but {Named(column.Index)} of {grid.Name} holds {classes.Count} different values in {rows.Length} rows{Suggestion(column)}");
        CheckSpelling(column);
    }

    private void CheckSpelling(CsvColumn column)
    {
        var firstOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = Start; row < column.Texts.Count; row++)
        {
            var normal = CsvCell.Normal(column.Texts[row]);
            if (!firstOf.TryAdd(normal, row) && column.Texts[firstOf[normal]] != column.Texts[row])
            {
                throw new DataFormatException(
                    Invariant($"A class must be written in one way, but {Named(column.Index)} of {grid.Name} holds '{column.Texts[firstOf[normal]]}' in line {grid.Lines[firstOf[normal]]} ")
                    + Invariant($"and '{column.Texts[row]}' in line {grid.Lines[row]}: make them equal, or different in more than spaces, case and form of number."));
            }
        }
    }

    // Nothing but custom says that it is the last, and many files have the class first.
    private void CheckOnlyLastIsMeant(CsvColumn last)
    {
        var classes = last.ClassesFrom(Start)?.Count ?? int.MaxValue;
        if (grid.Columns[0].ClassesFrom(Start) is { } first && first.Count <= classes)
        {
            throw new DataFormatException(
                $"It must be certain which column holds the class, but in {grid.Name} {Named(0)} may, with {first.Count} values, as well as {Named(last.Index)}"
                + (classes == int.MaxValue ? "" : Invariant($", with {classes}")) + ": say --label first or --label last.");
        }
    }
}
