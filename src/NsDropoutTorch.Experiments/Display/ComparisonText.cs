using Spectre.Console;
using Spectre.Console.Rendering;

namespace NsDropoutTorch.Experiments.Display;

/// <summary>A comparison as plain text: what a terminal shows, without colours.</summary>
internal static class ComparisonText
{
    /// <summary>What there is to say before the first run has ended.</summary>
    public const string NoRuns = "No run has finished.";

    public static string Of(ComparisonResults results) => results.Runs.Count == 0 ? NoRuns : Print(ResultsTable.Of(results));

    private static string Print(IRenderable table)
    {
        using var writer = new StringWriter();
        PlainConsole.On(writer).Write(table);
        return string.Join('\n', writer.ToString().ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).TrimEnd();
    }
}
