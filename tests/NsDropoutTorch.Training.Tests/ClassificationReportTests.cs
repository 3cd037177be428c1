using NsDropoutTorch.Training.Metrics;

namespace NsDropoutTorch.Training.Tests;

public sealed class ClassificationReportTests
{
    // Labels 0 1 2 2 2, predictions 0 0 2 2 1.
    private static readonly long[][] Small = [[1, 0, 0], [1, 0, 0], [0, 1, 2]];

    [Fact]
    public void Render_SmallExample_IsTheTable() => Assert.Equal(
        """
        class         precision     recall   f1-score    support
        class 0            0.50       1.00       0.67          1
        class 1            0.00       0.00       0.00          1
        class 2            1.00       0.67       0.80          3

        accuracy                                 0.60          5
        macro avg          0.50       0.56       0.49          5
        weighted avg       0.70       0.60       0.61          5

        """,
        ReportText.Render(ClassificationReport.Of(Small, ["class 0", "class 1", "class 2"])));

    [Fact]
    public void Render_LongNamesAndDigits_KeepTheColumns()
    {
        var lines = ReportText.Render(ClassificationReport.Of([[3, 1], [0, 0]], ["a class with a long name", "b"]), digits: 4).Split('\n');

        Assert.Equal("a class with a long name     1.0000     0.7500     0.8571          4", lines[1]);
        Assert.Equal("b                            0.0000     0.0000     0.0000          0", lines[2]);
        Assert.All(lines.Where(line => line.Length > 0), line => Assert.Equal(lines[0].Length, line.Length));
    }

    [Fact]
    public void Of_RandomSamples_IsThatOfCountingThemOneByOne()
    {
        var random = new Random(1);
        for (var round = 0; round < 100; round++)
        {
            var classes = random.Next(1, 6);
            var samples = Enumerable.Range(0, random.Next(0, 30)).Select(_ => (Label: random.Next(classes), Prediction: random.Next(classes))).ToArray();
            var confusion = Enumerable.Range(0, classes)
                .Select(i => Enumerable.Range(0, classes).Select(j => samples.LongCount(s => s == (i, j))).ToArray()).ToArray();

            AssertEqualsOracle(samples, classes, ClassificationReport.Of(confusion));
        }
    }

    [Fact]
    public void Of_NothingRightAndEmptyClasses_IsZeroWithoutNaN()
    {
        var report = ClassificationReport.Of([[0, 2, 0], [0, 0, 0], [0, 0, 0]]);

        Assert.Equal([0, 0, 0], report.Classes.Select(score => score.Precision));
        Assert.Equal([0, 0, 0], report.Classes.Select(score => score.Recall));
        Assert.Equal([0, 0, 0], report.Classes.Select(score => score.F1));
        Assert.Equal((0, 0, 0), (report.Accuracy, report.MacroAverage.F1, report.WeightedAverage.F1));
    }

    [Fact]
    public void Of_BrokenInput_SaysTheRule()
    {
        Broken.Says("a confusion matrix must be square with at least one class, but got rows of [] entries.", () => ClassificationReport.Of([]));
        Broken.Says(
            "a confusion matrix must be square with at least one class, but got rows of [2, 1] entries.", () => ClassificationReport.Of([[1, 2], [3]]));
        Broken.Says("there must be one name for each of 3 classes, but got 1.", () => ClassificationReport.Of(Small, ["a"]));
        Broken.Says("digits must be in [0, 15], but got 16.", () => ReportText.Render(ClassificationReport.Of(Small), 16));
    }

    private static void AssertEqualsOracle((int Label, int Prediction)[] samples, int classes, ClassificationReport report)
    {
        double macro = 0, weighted = 0;
        for (var c = 0; c < classes; c++)
        {
            double right = 0, predicted = 0, support = 0;
            foreach (var (label, prediction) in samples)
            {
                right += label == c && prediction == c ? 1 : 0;
                predicted += prediction == c ? 1 : 0;
                support += label == c ? 1 : 0;
            }

            var (precision, recall) = (predicted > 0 ? right / predicted : 0, support > 0 ? right / support : 0);
            var f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
            (macro, weighted) = (macro + (f1 / classes), weighted + (samples.Length > 0 ? f1 * support / samples.Length : 0));
            var score = report.Classes[c];
            Assert.Equal(($"{c}", (long)support), (score.Name, score.Support));
            Assert.Equal(precision, score.Precision, 1e-12);
            Assert.Equal(recall, score.Recall, 1e-12);
            Assert.Equal(f1, score.F1, 1e-12);
        }

        Assert.Equal(macro, report.MacroAverage.F1, 1e-12);
        Assert.Equal(weighted, report.WeightedAverage.F1, 1e-12);
        Assert.Equal(samples.Length > 0 ? samples.Count(s => s.Label == s.Prediction) / (double)samples.Length : 0, report.Accuracy, 1e-12);
        Assert.Equal(samples.Length, report.MacroAverage.Support);
    }
}
