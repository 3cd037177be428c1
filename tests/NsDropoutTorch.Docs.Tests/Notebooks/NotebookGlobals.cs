namespace NsDropoutTorch.Docs.Tests.Notebooks;

/// <summary>What cells find besides the language: the part of a notebook that they use. Public, since scripts derive from nothing else.</summary>
public sealed class NotebookGlobals
{
    internal List<DisplayedValue> Displayed { get; } = [];

    /// <summary>Shows a value below the cell.</summary>
    /// <param name="value">The value.</param>
#pragma warning disable IDE1006 // the name that notebooks have for it
    public void display(object value) => Displayed.Add(DisplayedValue.Of(value));
#pragma warning restore IDE1006
}
