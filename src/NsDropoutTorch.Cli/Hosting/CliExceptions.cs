using System.Diagnostics.CodeAnalysis;
using NsDropoutTorch.Cli.Workers;

namespace NsDropoutTorch.Cli.Hosting;

/// <summary>Options that make no sense; the message says the rule and what was given.</summary>
[SuppressMessage("Design", "CA1032", Justification = "It is always thrown with a sentence for the user.")]
[SuppressMessage("Design", "CA1064", Justification = "It never leaves the program.")]
internal sealed class UsageException(string message, Exception? innerException = null) : UserErrorException(message, innerException!)
{
    /// <summary>What reads options, which throws <see cref="ArgumentException"/> where one breaks its rule.</summary>
    /// <typeparam name="T">What it makes of them.</typeparam>
    /// <param name="read">Reads options, and does nothing else.</param>
    public static T Checked<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.ParamName is { } name ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : e.Message, e);
        }
    }
}

/// <summary>A command that cannot be carried out; the message says the rule, what was found and the repair.</summary>
[SuppressMessage("Design", "CA1032", Justification = "It is always thrown with a sentence for the user.")]
[SuppressMessage("Design", "CA1064", Justification = "It never leaves the program.")]
internal sealed class FailureException(string message, Exception? innerException = null) : UserErrorException(message, innerException!);
