using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Text;
using NsDropoutTorch.Training.Metrics;

namespace NsDropoutTorch.Experiments.Report;

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
