using System.Globalization;

namespace NsDropoutTorch.Training.Display;

/// <summary>A confusion matrix as a table of plain text.</summary>
internal static class ConfusionText
{
    /// <summary>A row for each true class, a column for each predicted one; without a new line at the end.</summary>
    public static string Of(IReadOnlyList<IReadOnlyList<long>> counts)
    {
        if (counts.Count == 0)
        {
            return "Nothing was counted yet.";
        }

        var width = counts.Max(row => row.Max(count => Text(count).Length)) + 1;
        var names = Enumerable.Range(0, counts.Count).Select(i => Text(i)).ToArray();
        var first = names.Max(name => name.Length);
        string Line(string name, IEnumerable<string> cells) => name.PadLeft(first) + " │" + string.Concat(cells.Select(cell => cell.PadLeft(Math.Max(width, first + 1))));
        return string.Join('\n', counts.Select((row, i) => Line(names[i], row.Select(Text))).Prepend(Line("", names)));
    }

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);
}
