using NsDropoutTorch.Display;

namespace NsDropoutTorch.Training.Display;

/// <summary>A training run in a notebook: its curves.</summary>
internal sealed class FitResultFormatters() : FormatterSource<FitResult>(fit => Fragment.Of(HistoryDisplay.Of(fit)));
