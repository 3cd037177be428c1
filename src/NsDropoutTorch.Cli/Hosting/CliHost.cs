using System.Diagnostics.CodeAnalysis;
using NsDropoutTorch.Cli.Workers;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Callbacks;
using Spectre.Console;

namespace NsDropoutTorch.Cli.Hosting;

/// <summary>The edge of the program: where it writes, the clock, and when it should stop.</summary>
/// <param name="Output">Results.</param>
/// <param name="Error">Progress, notes and errors.</param>
/// <param name="Clock">The time.</param>
/// <param name="CancellationToken">Set by Ctrl+C.</param>
internal sealed record CliHost(TextWriter Output, TextWriter Error, TimeProvider Clock, CancellationToken CancellationToken)
{
    /// <summary>What is said to the program while it runs.</summary>
    public TextReader Input { get; init; } = TextReader.Null;

    /// <summary>Tables on the output.</summary>
    public IAnsiConsole OutputConsole() => ConsoleOn(Output);

    /// <summary>Progress on the error stream, so that output can be piped.</summary>
    public IAnsiConsole ErrorConsole() => ConsoleOn(Error);

    /// <summary>Progress of a training on the error stream: a bar on a terminal, else lines.</summary>
    /// <param name="title">What is being trained.</param>
    public Callback Progress(string title) => ErrorConsole() is { Profile: { Capabilities.Ansi: true, Out.IsTerminal: true } } console
        ? new RunBar(console, title)
        : new ProgressLog(Error, title);

    // Spectre judges colours by the terminal's type alone; text that goes into a file or a pipe is to be plain.
    private static IAnsiConsole ConsoleOn(TextWriter writer)
    {
        var output = new AnsiConsoleOutput(writer);
        return output.IsTerminal ? AnsiConsole.Create(new AnsiConsoleSettings { Out = output }) : PlainConsole.On(writer);
    }
}

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The command was understood and could not be carried out, or a training of it diverged and has no result.</summary>
    public const int Failure = 1;

    /// <summary>The command was not understood.</summary>
    public const int BadUsage = 2;

    /// <summary>Interrupted: 128 + SIGINT, as shells count.</summary>
    public const int Cancelled = 130;

    /// <summary>A run was stopped by a signal and saved; started again, it goes on. What <c>sysexits.h</c> calls a temporary failure.</summary>
    public const int Unfinished = 75;
}

/// <summary>A console for text that goes into a file, a pipe or a string: no colours, and as wide whatever stands around it.</summary>
internal static class PlainConsole
{
    private const int Width = 120;

    public static IAnsiConsole On(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        console.Profile.Width = Width;
        return console;
    }
}

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
