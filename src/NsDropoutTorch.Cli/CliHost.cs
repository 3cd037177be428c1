using NsDropoutTorch.Experiments.Display;
using Spectre.Console;

namespace NsDropoutTorch.Cli;

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

    // Spectre judges colours by the terminal's type alone; text that goes into a file or a pipe is to be plain.
    private static IAnsiConsole ConsoleOn(TextWriter writer)
    {
        var output = new AnsiConsoleOutput(writer);
        return output.IsTerminal ? AnsiConsole.Create(new AnsiConsoleSettings { Out = output }) : PlainConsole.On(writer);
    }
}
