using System.Diagnostics.CodeAnalysis;

namespace NsDropoutTorch.Cli;

/// <summary>Options that make no sense; the message says the rule and what was given.</summary>
[SuppressMessage("Design", "CA1032", Justification = "It is always thrown with a sentence for the user.")]
[SuppressMessage("Design", "CA1064", Justification = "It never leaves the program.")]
internal sealed class UsageException(string message, Exception? innerException = null) : Exception(message, innerException);
