using System.Globalization;

namespace NsDropoutTorch.Training;

/// <summary>A classification report as a table of plain text.</summary>
public static class ReportText
{
    private const int MinimumNameWidth = 12;

    /// <summary>Columns class, precision, recall, f1-score and support; after the classes accuracy, macro and weighted average. Ends with a new line.</summary>
    /// <param name="report">The report.</param>
    /// <param name="digits">Decimal places, 0 to 15.</param>
    /// <exception cref="ArgumentException"><paramref name="digits"/> is out of range.</exception>
    public static string Render(ClassificationReport report, int digits = 2)
    {
        if (digits is < 0 or > 15)
        {
            throw Require.Broken(Invariant($"digits must be in [0, 15], but got {digits}."));
        }

        var width = Math.Max(MinimumNameWidth, report.Classes.Max(score => score.Name.Length));
        string Line(string name, string precision, string recall, string f1, string support) =>
            $"{name.PadRight(width)}  {precision,9}  {recall,9}  {f1,9}  {support,9}\n";
        string Number(double value) => value.ToString(Invariant($"F{digits}"), CultureInfo.InvariantCulture);
        string Scores(ClassScore score) =>
            Line(score.Name, Number(score.Precision), Number(score.Recall), Number(score.F1), Invariant($"{score.Support}"));

        return Line("class", "precision", "recall", "f1-score", "support")
            + string.Concat(report.Classes.Select(Scores))
            + "\n"
            + Line("accuracy", "", "", Number(report.Accuracy), Invariant($"{report.MacroAverage.Support}"))
            + Scores(report.MacroAverage)
            + Scores(report.WeightedAverage);
    }
}
