using System.Collections;

namespace NsDropoutTorch.Docs.Tests.Notebooks;

/// <summary>
/// A value as a notebook shows it. Formatters are found as .NET Interactive finds them: an attribute of that name on the type or a type it
/// derives from, and nothing but the names of members from there on.
/// </summary>
/// <param name="MimeType">The kind that is shown first.</param>
/// <param name="Text">The value in that kind.</param>
/// <param name="Plain">The value where only text can be shown.</param>
internal sealed record DisplayedValue(string MimeType, string Text, string Plain)
{
    private const string PlainText = "text/plain";

    public static DisplayedValue Of(object value)
    {
        var attribute = value.GetType().GetCustomAttributes(inherit: true).SingleOrDefault(a => a.GetType().Name == "TypeFormatterSourceAttribute");
        if (attribute is null)
        {
            return new(PlainText, value.ToString()!, value.ToString()!);
        }

        var source = Activator.CreateInstance((Type)Get(attribute, "FormatterSourceType"))!;
        var formatters = ((IEnumerable)source.GetType().GetMethod("CreateTypeFormatters")!.Invoke(source, null)!).Cast<object>()
            .ToDictionary(formatter => (string)Get(formatter, "MimeType"), StringComparer.Ordinal);
        var preferred = ((string[])Get(attribute, "PreferredMimeTypes"))[0];
        return new(preferred, Format(formatters[preferred], value), Format(formatters[PlainText], value));
    }

    private static object Get(object from, string property) => from.GetType().GetProperty(property)!.GetValue(from)!;

    private static string Format(object formatter, object value)
    {
        using var writer = new StringWriter();
        Assert.Equal(true, formatter.GetType().GetMethod("Format")!.Invoke(formatter, [value, writer]));
        return writer.ToString();
    }
}
