using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using NsDropoutTorch.Experiments.Charts;

namespace NsDropoutTorch.Experiments.Tests.Charts;

/// <summary>Rows of cells as the data of a path: what is drawn is what was given.</summary>
public sealed partial class CellRowsTests
{
    [Theory]
    [InlineData(2, 4, "0 1 3|2", "M0 0h2m1 0h1M2 1.4h1")]
    [InlineData(2, 4, "|", "")]
    [InlineData(1, 4, "3 0 3 2", "M0 0h1m1 0h2")]
    [InlineData(1, 4, "-1 4 1", "M1 0h1")]
    [InlineData(2, 130, "127 128|129", "M127 0h1M0 1h1M1 3.4h1")]
    [InlineData(1, 4, "0|1", "M0 0h1")]
    public void Path_OfCells_HasARunForNeighbours(int rows, int numFeatures, string cells, string expected) =>
        Assert.Equal(expected, new CellRows(rows, numFeatures).Path([.. cells.Split('|').Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse))]));

    [Fact]
    public void Path_Read_IsTheCellsGiven() => Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<bool[]>(), ArbMap.Default.ArbFor<bool[]>(), IsReadAsGiven));

    private static void IsReadAsGiven(bool[] first, bool[] second)
    {
        // Some are wide enough to be wrapped.
        first = [.. first, .. first, .. second];
        var width = Math.Max(1, Math.Max(first.Length, second.Length));
        bool[][] rows = [first, second];
        var given = rows.Select(row => row.Index().Where(cell => cell.Item).Select(cell => (long)cell.Index).ToArray()).ToArray();

        Assert.Equal(given, Read(new CellRows(2, width).Path(given), width));
    }

    // As a renderer reads it: from the moves and the lines alone.
    private static long[][] Read(string path, int width)
    {
        var lines = (width + 127) / 128;
        List<long>[] rows = [[], []];
        var (x, y) = (0L, 0.0);
        foreach (Match command in Command().Matches(path))
        {
            var number = double.Parse(command.Groups["x"].Value, CultureInfo.InvariantCulture);
            switch (command.Groups["command"].Value)
            {
                case "M": (x, y) = ((long)number, double.Parse(command.Groups["y"].Value, CultureInfo.InvariantCulture)); break;
                case "m": x += (long)number; break;
                default:
                    var row = y > lines - 0.5 ? 1 : 0;
                    var line = (long)Math.Round(y - (row * (lines + 0.4)));
                    for (var i = 0; i < number; i++) rows[row].Add((line * Math.Min(width, 128)) + x++);
                    break;
            }
        }

        return [.. rows.Select(row => row.ToArray())];
    }

    [GeneratedRegex("(?<command>[Mmh])(?<x>[0-9.]+)( (?<y>[0-9.]+))?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Command();
}
