namespace NsDropoutTorch.Display;

/// <summary>How notebooks show values of one type: as HTML, and as their <c>ToString</c> where only text can be shown.</summary>
/// <param name="html">The value as a piece of HTML that brings its own style; a pure function.</param>
/// <typeparam name="T">The type; the attribute on it names the class that derives from this one.</typeparam>
internal abstract class FormatterSource<T>(Func<T, string> html)
    where T : notnull
{
    /// <summary>Called by the notebook, by name.</summary>
    public IEnumerable<Formatter> CreateTypeFormatters() =>
    [
        new(MimeType.Html, value => html((T)value)),
        new(MimeType.Plain, value => value.ToString()!),
    ];
}
