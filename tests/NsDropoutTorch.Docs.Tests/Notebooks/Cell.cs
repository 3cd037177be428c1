namespace NsDropoutTorch.Docs.Tests.Notebooks;

/// <summary>A cell of a notebook.</summary>
/// <param name="IsCode">Whether it is C#; else it is Markdown.</param>
/// <param name="Text">Its text, lines apart by <c>\n</c>.</param>
internal sealed record Cell(bool IsCode, string Text);
