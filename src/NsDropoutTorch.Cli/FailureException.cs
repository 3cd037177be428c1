using System.Diagnostics.CodeAnalysis;

namespace NsDropoutTorch.Cli;

/// <summary>A command that cannot be carried out; the message says the rule, what was found and the repair.</summary>
[SuppressMessage("Design", "CA1032", Justification = "It is always thrown with a sentence for the user.")]
[SuppressMessage("Design", "CA1064", Justification = "It never leaves the program.")]
internal sealed class FailureException(string message, Exception? innerException = null) : UserErrorException(message, innerException!);
