using nietras.SeparatedValues;

namespace NsDropoutTorch.Data.Formats;

/// <summary>All rows of a CSV text, of which it is not decided yet whether the first is a header and which column holds the class.</summary>
internal sealed class CsvGrid
{
    private static readonly string[] UsualLabelNames = ["label", "class", "target", "y"];

    private readonly List<float> values = [];
    private readonly List<int> lines = [];

    private CsvGrid(string name, string[] firstRow, string? labelColumn)
    {
        Name = name;
        FirstRow = firstRow;
        Columns = [.. FirstRow.Select((cell, i) => new CsvColumn(
            i, keepsTexts: i == 0 || i == FirstRow.Length - 1 || IsUsualLabelName(cell) || IsMeant(labelColumn, cell, i, firstRow.Length)))];
    }

    /// <summary>What errors call the file.</summary>
    public string Name { get; }

    /// <summary>The cells of the first row, without spaces around them.</summary>
    public string[] FirstRow { get; }

    /// <summary>What each column holds below the first row.</summary>
    public CsvColumn[] Columns { get; }

    /// <summary>The line that each row begins on.</summary>
    public IReadOnlyList<int> Lines => lines;

    /// <summary>Reads all rows; throws <see cref="DataFormatException"/> where they have different lengths, or there are none.</summary>
    public static CsvGrid Read(string text, string name, string? labelColumn)
    {
        text = text.TrimStart('\uFEFF');
        CsvGrid? grid = null;
        using var reader = CsvReader.Open(text, name);
        var line = 1;
        foreach (var row in reader)
        {
            if (!CsvReader.IsBlank(row, line, name))
            {
                grid ??= new CsvGrid(name, Texts(row, line, name), labelColumn);
                grid.Add(row, line);
            }

            line += 1 + row.Span.Count('\n');
        }

        return grid ?? throw new DataFormatException($"A CSV data set must have at least one row of data, but {name} has none.");
    }

    /// <summary>Whether <paramref name="name"/> is what a column of classes is usually called.</summary>
    public static bool IsUsualLabelName(string name) => UsualLabelNames.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The finite number in a cell, else NaN.</summary>
    public float ValueAt(int row, int column) => values[(row * Columns.Length) + column];

    /// <summary>A place as errors name it.</summary>
    public string Place(int row, int column) => Invariant($"{Name}, line {lines[row]}, column {column + 1}");

    private static bool IsMeant(string? labelColumn, string cell, int column, int columns) => labelColumn is not null
        && (CsvLabelRule.PlaceOf(labelColumn, columns) == column || cell.Equals(labelColumn.Trim(), StringComparison.OrdinalIgnoreCase));

    private static string[] Texts(SepReader.Row row, int line, string name)
    {
        var texts = new string[row.ColCount];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = CsvReader.Cell(row, line, i, name).Trim().ToString();
        return texts;
    }

    private void Add(SepReader.Row row, int line)
    {
        if (row.ColCount != Columns.Length)
        {
            var hint = CsvReader.Cell(row, line, row.ColCount - 1, Name).IsEmpty ? ", the last of them empty: is there a separator too many at its end?" : ".";
            throw new DataFormatException(Invariant($"Every row must have the {Columns.Length} columns of the first, but {Name}, line {line} has {row.ColCount}{hint}"));
        }

        for (var i = 0; i < Columns.Length; i++)
        {
            var cell = CsvReader.Cell(row, line, i, Name);
            var isNumber = CsvCell.IsNumber(cell, out var value);
            values.Add(isNumber ? value : float.NaN);
            Columns[i].Add(cell, isNumber, value);
        }

        lines.Add(line);
    }
}
