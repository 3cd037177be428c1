using NsDropoutTorch.Display;

namespace NsDropoutTorch.Training.Display;

/// <summary>A confusion matrix in a notebook: a heat map.</summary>
internal sealed class ConfusionFormatters() : FormatterSource<ConfusionCount>(confusion => Fragment.Of(
    confusion.Value.Count == 0
        ? Html.Of($"<p>{ConfusionText.Of(confusion.Value)}</p>")
        : ConfusionChart.Of("confusion", "all samples", [.. confusion.Value.Select(row => row.ToArray())])));
