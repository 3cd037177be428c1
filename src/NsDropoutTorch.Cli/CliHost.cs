using Spectre.Console;

namespace NsDropoutTorch.Cli;

/// <summary>The edge of the program: where it writes, the clock, and when it should stop.</summary>
/// <param name="Output">Results.</param>
/// <param name="Error">Progress, notes and errors.</param>
/// <param name="Clock">The time.</param>
/// <param name="CancellationToken">Set by Ctrl+C.</param>
internal sealed record CliHost(TextWriter Output, TextWriter Error, TimeProvider Clock, CancellationToken CancellationToken)
{
    private const int WidthWithoutTerminal = 120;

    /// <summary>Tables on the output.</summary>
    public IAnsiConsole OutputConsole() => ConsoleOn(Output);

    /// <summary>Progress on the error stream, so that output can be piped.</summary>
    public IAnsiConsole ErrorConsole() => ConsoleOn(Error);

    private static IAnsiConsole ConsoleOn(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = WidthWithoutTerminal;
        }

        return console;
    }
}
