namespace NsDropoutTorch.Docs.Tests.Docs;

/// <summary>A block of code on a page.</summary>
/// <param name="Above">The line above it.</param>
/// <param name="Language">The language it names.</param>
/// <param name="Code">Its lines, each with its end.</param>
internal sealed record CodeBlock(string Above, string Language, string Code);
