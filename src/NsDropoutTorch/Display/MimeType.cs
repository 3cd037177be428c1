namespace NsDropoutTorch.Display;

/// <summary>The kinds of text that notebooks show.</summary>
internal static class MimeType
{
    public const string Html = "text/html";
    public const string Plain = "text/plain";
}
