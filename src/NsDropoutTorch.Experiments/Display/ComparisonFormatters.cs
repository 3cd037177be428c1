using NsDropoutTorch.Display;
using NsDropoutTorch.Experiments.Report;

namespace NsDropoutTorch.Experiments.Display;

/// <summary>A comparison in a notebook: the report's findings, the audit first.</summary>
internal sealed class ComparisonFormatters() : FormatterSource<ComparisonResults>(results => Fragment.Of(
    results.Runs.Count == 0 ? Html.Of($"<p>{ComparisonText.NoRuns}</p>") : HtmlReport.Findings(results)));
