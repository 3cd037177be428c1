using System.Globalization;
using System.Text;

namespace NsDropoutTorch.Experiments.Charts;

/// <summary>
/// Rows of cells, one row for a class or a sample and one cell for a neuron, as the data of one SVG path to be stroked: a unit of the drawing is a cell. Rows of many neurons are wrapped.
/// </summary>
/// <param name="rows">Number of rows.</param>
/// <param name="numFeatures">Neurons of a row, at least 1.</param>
internal sealed class CellRows(int rows, int numFeatures)
{
    private const int Left = 52;
    private const int Width = 308;
    private const int LineHeight = 10;
    private const int RowGap = 4;
    private const int MostColumns = 128;

    private readonly int columns = Math.Min(numFeatures, MostColumns);

    /// <summary>Height of the drawing, which is as wide as all charts.</summary>
    public double Height => rows * RowHeight;

    private int Lines => (numFeatures + columns - 1) / columns;

    private int RowHeight => (Lines * LineHeight) + RowGap;

    /// <summary>The names of the rows and their frames.</summary>
    /// <param name="names">A name for each row.</param>
    public Html Frame(IReadOnlyList<string> names) => Html.Join(names.Select((name, row) => Html.Of(
        $"""<text class="end" x="{Left - 6}" y="{(row * RowHeight) + 9}">{name}</text><rect class="frame" x="{Left}" y="{row * RowHeight}" width="{Width}" height="{Lines * LineHeight}"/>""")));

    /// <summary>The cells that are set, as one path.</summary>
    /// <param name="style">Class of the path beside <c>cells</c>.</param>
    /// <param name="cells">For each row the neurons that are set, in any order; those outside of [0, F) have no cell.</param>
    public Html Cells(string style, IReadOnlyList<IEnumerable<long>> cells) => Html.Of(
        $"""<path class="cells {style}" transform="translate({Left} {LineHeight / 2}) scale({(double)Width / columns:0.####} {LineHeight})" d="{Path(cells)}"/>""");

    /// <summary>The data of the path: for each line that has any, a move to its first run and then runs and gaps in turn.</summary>
    /// <param name="cells">For each row the neurons that are set.</param>
    internal string Path(IReadOnlyList<IEnumerable<long>> cells)
    {
        var data = new StringBuilder();
        for (var row = 0; row < Math.Min(rows, cells.Count); row++)
        {
            var lines = cells[row].Where(neuron => neuron >= 0 && neuron < numFeatures).Distinct().Order().GroupBy(neuron => neuron / columns, neuron => neuron % columns);
            foreach (var line in lines)
                Append(data, [.. line], (row * RowHeight / (double)LineHeight) + line.Key);
        }

        return data.ToString();
    }

    // Neighbours become one run.
    private static void Append(StringBuilder data, long[] ascending, double y)
    {
        var end = 0L;
        for (var i = 0; i < ascending.Length;)
        {
            var start = ascending[i];
            if (i == 0)
                data.Append(CultureInfo.InvariantCulture, $"M{start} {y:0.###}");
            else
                data.Append(CultureInfo.InvariantCulture, $"m{start - end} 0");
            for (end = start; i < ascending.Length && ascending[i] == end; i++)
                end++;
            data.Append(CultureInfo.InvariantCulture, $"h{end - start}");
        }
    }
}
