namespace NsDropoutTorch.Display;

/// <summary>Writes values of one type as one kind of text. The notebook calls its members by name.</summary>
/// <param name="mimeType">The kind of text.</param>
/// <param name="text">The text of a value.</param>
internal sealed class Formatter(string mimeType, Func<object, string> text)
{
    public string MimeType => mimeType;

    public bool Format(object value, TextWriter writer)
    {
        writer.Write(text(value));
        return true;
    }
}
