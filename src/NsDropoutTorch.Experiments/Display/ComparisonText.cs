using Spectre.Console;

namespace NsDropoutTorch.Experiments.Display;

/// <summary>A comparison as plain text: what a terminal shows, without colours.</summary>
internal static class ComparisonText
{
    private const int Width = 120;

    public static string Of(ComparisonResults results)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        console.Profile.Width = Width;
        console.Write(ResultsTable.Of(results));
        return string.Join('\n', writer.ToString().ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).TrimEnd();
    }
}
