using NsDropoutTorch.Experiments.Report;

namespace NsDropoutTorch.Docs.Tests.Notebooks;

/// <summary>A value as a notebook shows it: its picture where the package has one, else its text.</summary>
/// <param name="MimeType">The kind that is shown first.</param>
/// <param name="Text">The value in that kind.</param>
/// <param name="Plain">The value where only text can be shown.</param>
internal sealed record DisplayedValue(string MimeType, string Text, string Plain)
{
    public static DisplayedValue Of(object value) => NotebookFormatters.HtmlOf(value) is { } html
        ? new("text/html", html, value.ToString()!)
        : new("text/plain", value.ToString()!, value.ToString()!);
}
