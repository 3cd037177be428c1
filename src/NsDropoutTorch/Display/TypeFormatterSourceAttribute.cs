namespace NsDropoutTorch.Display;

/// <summary>
/// Names the class that knows how notebooks show a type. .NET Interactive goes by the names of this attribute and its members, not by its
/// assembly, so a library needs no reference to it.
/// </summary>
/// <param name="formatterSourceType">Has a constructor without parameters and a method <c>CreateTypeFormatters</c>.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType => formatterSourceType;

    /// <summary>What is shown where nothing else is asked for.</summary>
    public string[] PreferredMimeTypes { get; } = [MimeType.Html];
}
