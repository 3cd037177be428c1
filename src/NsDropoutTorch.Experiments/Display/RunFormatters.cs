using NsDropoutTorch.Display;
using NsDropoutTorch.Experiments.Report;

namespace NsDropoutTorch.Experiments.Display;

/// <summary>A run in a notebook: its curves, its confusion matrix and, where they were recorded, its masks.</summary>
internal sealed class RunFormatters() : FormatterSource<RunResult>(run => Fragment.Of(Html.Join([
    Html.Of($"<p>{RunText.Of(run)}</p>"),
    CurveSection.Of([run]),
    ConfusionSection.Of([run]),
    MaskSection.Of([run]),
])));
