using System.Globalization;

namespace NsDropoutTorch.Training.Metrics;

/// <summary>Precision, recall and F1 per class and on average. <see cref="ReportText.Render"/> prints it.</summary>
/// <param name="Classes">One score per class.</param>
/// <param name="Accuracy">Part of all samples predicted right.</param>
/// <param name="MacroAverage">Means over the classes, each counting the same.</param>
/// <param name="WeightedAverage">Means over the classes, each counting by its support.</param>
public sealed record ClassificationReport(
    IReadOnlyList<ClassScore> Classes, double Accuracy, ClassScore MacroAverage, ClassScore WeightedAverage)
{
    /// <summary>
    /// With tp, fp and fn of a class: precision tp/(tp+fp), recall tp/(tp+fn), F1 2·tp/(2·tp+fp+fn). A ratio whose denominator is 0 is 0:
    /// the precision of a class never predicted, the recall of one without samples. Every class of the matrix counts in the macro average, also one without samples.
    /// </summary>
    /// <param name="confusion">Square; entry [i][j] counts the samples of class i predicted as class j.</param>
    /// <param name="names">Names of the classes; null: their indices.</param>
    /// <exception cref="ArgumentException">The matrix is empty or not square, or there are not as many names as classes.</exception>
    public static ClassificationReport Of(IReadOnlyList<IReadOnlyList<long>> confusion, IReadOnlyList<string>? names = null)
    {
        Check(confusion, names);
        ClassScore[] classes = [.. Enumerable.Range(0, confusion.Count).Select(i => Score(confusion, i, names?[i] ?? Invariant($"{i}")))];
        var samples = classes.Sum(score => score.Support);
        var right = Enumerable.Range(0, confusion.Count).Sum(i => confusion[i][i]);
        return new(
            classes,
            Ratio(right, samples),
            Average("macro avg", classes, samples, score => 1.0 / classes.Length),
            Average("weighted avg", classes, samples, score => Ratio(score.Support, samples)));
    }

    /// <summary><see cref="ReportText.Render"/> with two decimal places.</summary>
    public override string ToString() => ReportText.Render(this);

    private static void Check(IReadOnlyList<IReadOnlyList<long>> confusion, IReadOnlyList<string>? names)
    {
        var count = confusion.Count;
        if (count == 0 || confusion.Any(row => row.Count != count))
        {
            throw Require.Broken($"a confusion matrix must be square with at least one class, but got rows of [{string.Join(", ", confusion.Select(row => row.Count))}] entries.");
        }

        if (names is not null && names.Count != count)
        {
            throw Require.Broken(Invariant($"there must be one name for each of {count} classes, but got {names.Count}."));
        }
    }

    private static ClassScore Score(IReadOnlyList<IReadOnlyList<long>> confusion, int i, string name)
    {
        var (right, support, predicted) = (confusion[i][i], confusion[i].Sum(), confusion.Sum(row => row[i]));
        return new(name, Ratio(right, predicted), Ratio(right, support), Ratio(2 * right, predicted + support), support);
    }

    private static ClassScore Average(string name, ClassScore[] classes, long samples, Func<ClassScore, double> weight) => new(
        name,
        classes.Sum(score => weight(score) * score.Precision),
        classes.Sum(score => weight(score) * score.Recall),
        classes.Sum(score => weight(score) * score.F1),
        samples);

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}

/// <summary>How well one class, or the mean over classes, is recognised; all in [0, 1].</summary>
/// <param name="Name">The class, or which mean.</param>
/// <param name="Precision">Part of the samples predicted as the class that are of it.</param>
/// <param name="Recall">Part of the samples of the class that are predicted as it.</param>
/// <param name="F1">Harmonic mean of the two.</param>
/// <param name="Support">Samples of the class.</param>
public sealed record ClassScore(string Name, double Precision, double Recall, double F1, long Support);

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
