namespace SuddenDrops;

/// <summary>Mean test errors after the last epoch: for each variant a bar without labels, and one with masks of the true labels.</summary>
internal static class BarPicture
{
    private const int Width = 620, Left = 190, Longest = 370, Thick = 10, Legend = 28, RowHeight = 30;
    private const string LabelFree = "#0072b2", LabelMasks = "#e69f00";

    /// <summary>The picture, whose longest bar is the largest error.</summary>
    /// <param name="rows">The runs of each variant.</param>
    public static string Of(IReadOnlyList<TitledRuns> rows)
    {
        var scale = Longest / rows.Max(row => Math.Max(row.TestError, row.TestErrorLabelMask));
        return Svg.Of(Width, Legend + (rows.Count * RowHeight), "Test errors of NSDropout on optdigits: without labels, and with masks of the true labels",
            Key(Left, LabelFree, "no label used") + Key(Left + 110, LabelMasks, "masks of the true labels (leaks)") + string.Concat(rows.Select((row, i) => Pair(row, Legend + (i * RowHeight)))));

        string Pair(TitledRuns row, int top) =>
            $"""<text x="{Left - 6}" y="{top + 15}" text-anchor="end">{Svg.Encoded(row.Title)}</text>""" + Bar(row.TestError, top, LabelFree) + Bar(row.TestErrorLabelMask, top + Thick + 2, LabelMasks);

        string Bar(double error, int top, string colour) =>
            $"""<rect x="{Left}" y="{top}" width="{scale * error:0.#}" height="{Thick}" fill="{colour}"/><text x="{Left + (scale * error) + 4:0.#}" y="{top + 9}">{error:P1}</text>""";
    }

    private static string Key(int x, string colour, string text) => $"""<rect x="{x}" y="8" width="10" height="10" fill="{colour}"/><text x="{x + 14}" y="17">{text}</text>""";
}
