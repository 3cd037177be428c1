using System.Reflection;
using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Text;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Metrics;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>
/// What notebooks show of layers, trainings and comparisons: pictures in place of text. The package registers them by itself when <c>#r "nuget: NsDropoutTorch.Experiments"</c>
/// loads it into .NET Interactive; where it is loaded otherwise, <see cref="Register"/> does.
/// </summary>
public static class NotebookFormatters
{
    private const string FormatterType = "Microsoft.DotNet.Interactive.Formatting.Formatter";
    private const string HtmlType = "text/html";

    private static readonly Type[] Types =
    [
        typeof(NSDropoutModule), typeof(FitResult), typeof(LearningRateCurve), typeof(ConfusionMatrix), typeof(CalibrationError), typeof(ClassificationReport), typeof(ModelSummary), typeof(ComparisonResults),
        typeof(RunResult),
    ];

    /// <summary>A value as a piece of HTML that brings its own style; null where there is no picture of its type.</summary>
    /// <param name="value">A layer, the summary of a model, the result of a training, a search for a learning rate, a metric, a run or a comparison.</param>
    public static string? HtmlOf(object value) => value switch
    {
        NSDropoutModule { drop_rates: { } rates } layer => MaskPicture.OfRates(layer.ToString(), Rates(rates)),
        NSDropoutModule layer => MaskPicture.Of(layer.ToString(), Masks(layer.class_masks)),
        FitResult fit => Fragment.Of(HistoryDisplay.Of(fit)),
        LearningRateCurve curve => Fragment.Of(RateChart.Of(curve)),
        ConfusionMatrix { Value.Count: 0 } empty => Fragment.Of(Html.Of($"<p>{empty.ToString()}</p>")),
        ConfusionMatrix confusion => Fragment.Of(ConfusionChart.Of("confusion", "all samples", [.. confusion.Value.Select(row => row.ToArray())])),
        CalibrationError error => Fragment.Of(ReliabilityChart.Of("reliability", "all samples", error)),
        ClassificationReport report => Fragment.Of(ReportDisplay.Of(report)),
        ModelSummary summary => Fragment.Of(ModelDisplay.Of(summary)),
        ComparisonResults { Runs.Count: 0 } => Fragment.Of(Html.Of($"<p>{ComparisonResults.NoRuns}</p>")),
        ComparisonResults results => Fragment.Of(HtmlReport.Findings(results, moves: false)),
        RunResult run => Fragment.Of(Html.Join([Html.Of($"<p>{run.ToString()}</p>"), CurveSection.Of([run]), ConfusionSection.Of([run]), MaskSection.Of([run], moves: false)])),
        _ => null,
    };

    /// <summary>Registers the pictures with the kernel of the notebook.</summary>
    /// <returns>Whether there is one: .NET Interactive's formatters are loaded.</returns>
    public static bool Register()
    {
        var formatter = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(FormatterType)).FirstOrDefault(type => type is not null);
        var register = formatter?.GetMethod("Register", BindingFlags.Public | BindingFlags.Static, [typeof(Type), typeof(Action<object, TextWriter>), typeof(string)]);
        foreach (var type in register is null ? [] : Types)
        {
            register!.Invoke(null, [type, (Action<object, TextWriter>)((value, writer) => writer.Write(HtmlOf(value))), HtmlType]);
        }

        return register is not null;
    }

    private static double[] Rates(Tensor rates)
    {
        using var scope = NewDisposeScope();
        return rates.to(ScalarType.Float64).cpu().data<double>().ToArray();
    }

    private static bool[][] Masks(Tensor masks)
    {
        using var scope = NewDisposeScope();
        return [.. masks.cpu().data<bool>().ToArray().Chunk((int)masks.size(1))];
    }
}

/// <summary>A classification report as a table.</summary>
internal static class ReportDisplay
{
    public static Html Of(ClassificationReport report) => Html.Of(
        $"""
        <table>
        <caption>Right in all: {FigureText.Percent(report.Accuracy)} of {report.MacroAverage.Support:#,##0} samples</caption>
        <thead><tr><th scope="col">class</th><th scope="col">precision</th><th scope="col">recall</th><th scope="col">F1</th><th scope="col">samples</th></tr></thead>
        <tbody>
        {report.Classes.Append(report.MacroAverage).Append(report.WeightedAverage).Select(Row)}</tbody>
        </table>

        """);

    private static Html Row(ClassScore score) => Html.Of(
        $"""
        <tr><th scope="row">{score.Name}</th><td>{FigureText.Percent(score.Precision)}</td><td>{FigureText.Percent(score.Recall)}</td><td>{FigureText.Percent(score.F1)}</td><td>{score.Support:#,##0}</td></tr>

        """);
}

/// <summary>A training run: its errors over epochs.</summary>
internal static class HistoryDisplay
{
    public static Html Of(FitResult fit)
    {
        Curve[] curves =
        [
            Curve.Of("training", "train", fit.History, record => record.Epoch, record => record.TrainError),
            Curve.Of("selection", "selection", fit.History, record => record.Epoch, record => record.SelectionError),
        ];
        var points = curves.SelectMany(curve => curve.Points).ToArray();
        if (points.Length == 0)
        {
            return Html.Of($"<p>{fit.ToString()}</p>");
        }

        var measured = curves.Where(curve => curve.Points.Count > 0).ToArray();
        var best = fit.History.Where(record => record.Epoch == fit.BestEpoch).Select(record => (record.Epoch, record.SelectionError!.Value));
        var chart = new ErrorChart(LogAxis.Over(points.Select(point => point.Middle)), points.Max(point => point.Epoch));
        return Html.Of($"{chart.Draw("history", "training run", measured, best)}<p><small>{fit.ToString()}</small></p>");
    }
}
