using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>Published figures beside the same measured, where the comparison repeats a source.</summary>
internal static class PublishedSection
{
    public static Html Of(ComparisonResults results) => results.Published is not { } published ? Html.Empty : Html.Of(
        $"""
        <section>
        <h2>Published beside measured</h2>
        <p>{published.Remark}</p>
        <table>
        <caption>{published.Source}</caption>
        <thead><tr><th scope="col">layer</th><th scope="col">published</th><th scope="col">measured</th><th scope="col">test error <small>without labels</small></th></tr></thead>
        <tbody>
        {PublishedRow.Of(results).Select(Row)}</tbody>
        </table>
        </section>

        """);

    private static Html Row(PublishedRow row) => Html.Of(
        $"""
        <tr><th scope="row">{row.Layer} <small>{row.Figure}</small></th><td>{FigureText.Unbroken(row.Published)}</td><td>{FigureText.Unbroken(row.Measured)}</td><td><strong>{FigureText.Unbroken(row.WithoutLabels)}</strong></td></tr>

        """);
}
