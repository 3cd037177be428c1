using Spectre.Console;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class ResultsTableTests
{
    [Fact]
    public void Of_OneSeed_LooksAsExpected() => AssertLooksAs("one-seed.txt", Samples.Results(
        Samples.Run("none", 22, 0.0501), Samples.Run("dropout", 22, 0.0489), Samples.Run("nsdropout", 22, 0.873, 0.0001, 0.986)));

    [Fact]
    public void Of_SeveralSeedsWithoutLabels_LooksAsExpected() => AssertLooksAs("several-seeds.txt", Samples.Results(
        Samples.Run("none", 22, 0.0501), Samples.Run("none", 23, 0.0555), Samples.Run("dropout", 22, 0.0489), Samples.Run("dropout", 23, 0.0467)));

    private static void AssertLooksAs(string file, ComparisonResults results)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 110;

        console.Write(ResultsTable.Of(results));

        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Expectations", file)), writer.ToString());
    }
}
