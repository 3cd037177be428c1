using NsDropoutTorch.Display;

namespace NsDropoutTorch.Training.Display;

/// <summary>A classification report in a notebook: a table.</summary>
internal sealed class ClassificationReportFormatters() : FormatterSource<ClassificationReport>(report => Fragment.Of(ReportDisplay.Of(report)));
