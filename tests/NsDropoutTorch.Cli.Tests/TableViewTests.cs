using NsDropoutTorch.Cli.Tables;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Tests;
using Spectre.Console;

namespace NsDropoutTorch.Cli.Tests;

public sealed class TableViewTests
{
    [Fact]
    public void Show_OneSeed_LooksAsExpected() => AssertLooksAs("one-seed.txt", Samples.Results(
        Samples.Run("none", 22, 0.0501), Samples.Run("dropout", 22, 0.0489), Samples.Run("nsdropout", 22, 0.873, 0.0001, 0.986)));

    [Fact]
    public void Show_SeveralSeedsWithoutLabels_LooksAsExpected() => AssertLooksAs("several-seeds.txt", Samples.Results(
        Samples.Run("none", 22, 0.0501), Samples.Run("none", 23, 0.0555), Samples.Run("dropout", 22, 0.0489), Samples.Run("dropout", 23, 0.0467)));

    [Fact]
    public void Show_EnoughSeedsOneOfThemDiverged_LooksAsExpected() => AssertLooksAs("one-seed-diverged.txt", Samples.Results(
    [
        .. Enumerable.Range(0, 7).Select(i => Samples.Run("none", 22 + i, 0.0501 + (0.0007 * (i * i % 5)))),
        .. Enumerable.Range(0, 7).Select(i => i == 3 ? Samples.Diverged("nsdropout", 25, epoch: 0) : Samples.Run("nsdropout", 22 + i, 0.04 + (0.001 * i), 0.0001, 0.986)),
    ]));

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

        console.Show(ResultsTable.Of(results));

        // To be looked at and, if it is right, copied over the expectation.
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "Expectations", Path.ChangeExtension(file, ".actual.txt")), writer.ToString());
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Expectations", file)), writer.ToString());
    }
}
