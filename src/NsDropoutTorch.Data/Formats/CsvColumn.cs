using System.Globalization;
using System.Text.RegularExpressions;

namespace NsDropoutTorch.Data.Formats;

/// <summary>What one column of a CSV file holds; rows are counted from the first of the file, be that a header or not.</summary>
internal sealed class CsvColumn(int index, bool keepsTexts)
{
    private readonly Dictionary<string, string> distinct = new(StringComparer.Ordinal);
    private readonly List<string> texts = [];
    private int rows;
    private int numbersBelow;
    private int wordsBelow;
    private string? firstWord;
    private bool countsRows = true;

    /// <summary>From 0.</summary>
    public int Index => index;

    /// <summary>The texts of all rows, in a column that may hold the class; else empty.</summary>
    public IReadOnlyList<string> Texts => texts;

    /// <summary>The first row below the first that holds no number, and what it holds; null: all hold one.</summary>
    public (int Row, string Text)? NoNumberBelow { get; private set; }

    /// <summary>What the first row holds where that is no number; else null.</summary>
    public string? NoNumberFirst => firstWord;

    /// <summary>Whether all cells below the first are empty.</summary>
    public bool IsEmptyBelow { get; private set; } = true;

    /// <summary>Whether the first cell is a word, and every other is a number or missing.</summary>
    public bool HasWordOverNumbers => firstWord is not null && !CsvCell.IsMissing(firstWord) && numbersBelow > 0 && wordsBelow == 0;

    /// <summary>Whether the cells below the first count rows from 0 or 1, as the index of a data frame does.</summary>
    public bool CountsRows => countsRows && rows > 1;

    /// <summary>Takes the cell of the next row.</summary>
    public void Add(ReadOnlySpan<char> cell, bool isNumber, float value)
    {
        if (keepsTexts)
            Keep(cell.ToString());
        if (rows == 0)
            firstWord = isNumber ? null : cell.Trim().ToString();
        else
            AddBelow(cell, isNumber, value);
        rows++;
    }

    /// <summary>The class of each row from <paramref name="start"/> on, if the column can hold one: whole numbers or words, few and none of them missing; else null.</summary>
    public IReadOnlyCollection<string>? ClassesFrom(int start)
    {
        var found = texts.Skip(start).ToHashSet(StringComparer.Ordinal);
        return found.Count is >= 2 and <= ClassIndex.MaxClasses && 2 * found.Count <= rows - start && !found.Any(text => CsvCell.IsMissing(text) || CsvCell.IsReal(text))
            && (found.All(text => CsvCell.IsWhole(text, out _)) || !found.Any(text => CsvCell.IsWhole(text, out _))) ? found : null;
    }

    private void AddBelow(ReadOnlySpan<char> cell, bool isNumber, float value)
    {
        IsEmptyBelow &= cell.IsEmpty;
        countsRows &= isNumber && (value == rows - 1 || value == rows);
        if (isNumber)
        {
            numbersBelow++;
            return;
        }

        var text = cell.ToString();
        NoNumberBelow ??= (rows, text);
        wordsBelow += CsvCell.IsMissing(text) ? 0 : 1;
    }

    // Of equal texts one is kept.
    private void Keep(string text)
    {
        if (!distinct.TryGetValue(text, out var kept))
            distinct.Add(text, kept = text);
        texts.Add(kept);
    }
}

/// <summary>What the text of a CSV cell can be.</summary>
internal static partial class CsvCell
{
    private static readonly HashSet<string> Missing = new(StringComparer.OrdinalIgnoreCase) { "", "?", "NA", "N/A", "#N/A", "<NA>", "NaN", "-NaN", "null" };

    private static readonly HashSet<string> Infinities = new(StringComparer.OrdinalIgnoreCase) { "inf", "infinity", "∞" };

    /// <summary>Whether it is a finite number with a decimal point.</summary>
    public static bool IsNumber(ReadOnlySpan<char> cell, out float value) =>
        float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);

    /// <summary>Whether it is how programs write that there is no value.</summary>
    public static bool IsMissing(string cell) => Missing.Contains(cell);

    /// <summary>Whether it is a number with a fraction, or none that is finite, as a class is not.</summary>
    public static bool IsReal(string cell) => Infinities.Contains(cell.TrimStart('+', '-'))
        || (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && (!double.IsFinite(value) || value != Math.Truncate(value)));

    /// <summary>Whether it is a whole number, be it written 1 or 1.0.</summary>
    public static bool IsWhole(string cell, out double value) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value) && value == Math.Truncate(value);

    /// <summary>Whether it is a number with a decimal comma, with thousands separators, or both.</summary>
    public static bool IsForeignNumber(ReadOnlySpan<char> cell) => ForeignNumber().IsMatch(cell);

    /// <summary>The same for all texts that differ in spaces, case or the way in which a number is written.</summary>
    public static string Normal(string cell) =>
        IsWhole(cell, out var value) ? value.ToString("R", CultureInfo.InvariantCulture) : cell.Trim().ToUpperInvariant();

    [GeneratedRegex(@"^[+-]?(\d+,\d+|\d{1,3}([.,' \u00a0\u202f]\d{3})+([.,]\d+)?)(e[+-]?\d+)?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ForeignNumber();
}

/// <summary>Gathers the classes of rows by name and numbers them: as given, else by value where all are whole numbers, else by character code.</summary>
internal sealed class ClassIndex(IReadOnlyList<string>? given)
{
    /// <summary>The most classes that a label, which is a byte, can tell apart.</summary>
    public const int MaxClasses = 256;

    private readonly Dictionary<string, int> firstSeen = new(StringComparer.Ordinal);
    private readonly List<int> rows = [];

    /// <summary>The names in order of their numbers.</summary>
    public IReadOnlyList<string> Names => given ?? (firstSeen.Keys.All(name => CsvCell.IsWhole(name, out _))
        ? [.. firstSeen.Keys.OrderBy(name => double.Parse(name, CultureInfo.InvariantCulture))]
        : [.. firstSeen.Keys.Order(StringComparer.Ordinal)]);

    /// <summary>Takes the next row's class; <paramref name="place"/> is what an error calls it.</summary>
    public void Add(string name, Func<string> place)
    {
        if (given is not null && !given.Contains(name, StringComparer.Ordinal))
            throw new DataFormatException($"The class must be one of {string.Join(", ", given)}, but {place()} holds '{name}'.");
        if (!firstSeen.TryGetValue(name, out var index))
            firstSeen.Add(name, index = firstSeen.Count);
        rows.Add(index);
    }

    /// <summary>The number of each row's class.</summary>
    public byte[] ToLabels()
    {
        var names = Names.ToList();
        var numbers = firstSeen.OrderBy(seen => seen.Value).Select(seen => (byte)names.IndexOf(seen.Key)).ToArray();
        return [.. rows.Select(index => numbers[index])];
    }
}
