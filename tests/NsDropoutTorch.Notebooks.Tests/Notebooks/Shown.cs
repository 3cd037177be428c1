using Microsoft.DotNet.Interactive.Documents;
using Microsoft.DotNet.Interactive.Events;

namespace NsDropoutTorch.Notebooks.Tests.Notebooks;

/// <summary>What a cell has shown.</summary>
/// <param name="Output">As the notebook keeps it.</param>
/// <param name="Value">The value itself, where the kernel is in this process.</param>
internal sealed record Shown(InteractiveDocumentOutputElement Output, object? Value)
{
    /// <summary>How it is shown: displayed, returned or written, and the type of its content.</summary>
    public string Kind => KindOf(Output);

    /// <summary>The content that is shown first.</summary>
    public string Text => Output switch
    {
        TextElement text => text.Text,
        _ => (string)DataOf(Output).First().Value,
    };

    /// <summary>The value where only text can be shown.</summary>
    public string Plain => Value?.ToString() ?? Text;

    public static string KindOf(InteractiveDocumentOutputElement output) => output switch
    {
        DisplayElement => $"displayed {string.Join(", ", DataOf(output).Keys)}",
        ReturnValueElement => $"returned {string.Join(", ", DataOf(output).Keys)}",
        TextElement text => $"written to {text.Name}",
        _ => "an error",
    };

    /// <summary>What an event of the kernel shows; null where it shows nothing new.</summary>
    public static Shown? In(KernelEvent happened, int cell) => happened switch
    {
        ReturnValueProduced returned => new(Returned(returned, cell), returned.Value),
        DisplayedValueProduced displayed => new(new DisplayElement(Data(displayed)), displayed.Value),
        StandardOutputValueProduced written => new(new TextElement(written.FormattedValues.Single().Value, "stdout"), null),
        StandardErrorValueProduced written => new(new TextElement(written.FormattedValues.Single().Value, "stderr"), null),
        _ => null,
    };

    private static ReturnValueElement Returned(ReturnValueProduced returned, int cell)
    {
        var element = new ReturnValueElement { ExecutionOrder = cell };
        foreach (var (type, content) in Data(returned))
        {
            element.Data[type] = content;
        }

        return element;
    }

    private static Dictionary<string, object> Data(DisplayEvent shown) => shown.FormattedValues.ToDictionary(value => value.MimeType, object (value) => value.Value, StringComparer.Ordinal);

    private static IDictionary<string, object> DataOf(InteractiveDocumentOutputElement output) => output switch
    {
        DisplayElement displayed => displayed.Data,
        ReturnValueElement returned => returned.Data,
        _ => throw new InvalidOperationException($"Only what is displayed or returned has types, but got {output.GetType().Name}."),
    };
}
