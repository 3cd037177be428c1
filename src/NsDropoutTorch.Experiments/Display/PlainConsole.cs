using Spectre.Console;

namespace NsDropoutTorch.Experiments.Display;

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
