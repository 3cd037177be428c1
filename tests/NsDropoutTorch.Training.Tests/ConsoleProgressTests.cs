using System.Text;
using Spectre.Console;

namespace NsDropoutTorch.Training.Tests;

public sealed class ConsoleProgressTests
{
    [Fact]
    public void OnEpochEnd_RedirectedOutput_WritesAboutTenPlainLines()
    {
        var text = Fit(epochs: 100, isTerminal: false);

        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(10, lines.Length);
        Assert.StartsWith("test run  epoch  10/100  loss ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("test run  epoch 100/100  loss ", lines[9], StringComparison.Ordinal);
        Assert.DoesNotContain("\e", text, StringComparison.Ordinal);
    }

    [Fact]
    public void OnEpochEnd_Terminal_RedrawsOneLineAndEndsWithTheLastEpoch()
    {
        var text = Fit(epochs: 100, isTerminal: true);

        var drawings = text.Split("\e[1A\e[2K");
        Assert.InRange(drawings.Length, 2, 100);
        Assert.All(drawings, drawing => Assert.Single(drawing.TrimEnd('\n').Split('\n')));
        Assert.Contains("epoch   1/100", drawings[0], StringComparison.Ordinal);
        Assert.Contains("epoch 100/100", drawings[^1], StringComparison.Ordinal);
        Assert.Contains("━━━━━━━━━━━━━━━━━━━━", drawings[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void OnFitEnd_Stopped_TellsTheReason()
    {
        var text = Fit(epochs: 100, isTerminal: false, new Recorder { EpochEnd = (context, _) => context.RequestStop("it is late [sic]") });

        Assert.Equal("test run  stopped after 1 epochs: it is late [sic]\n", text);
    }

    private static string Fit(int epochs, bool isTerminal, params Callback[] others)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Yes : AnsiSupport.No,
            Out = new FakeOutput(writer, isTerminal),
        });
        using var data = Models.Clouds(16, 1);
        using var model = Models.Mlp();
        Trainer.Fit(model, data, data, new TrainerOptions { Epochs = epochs }, [.. others, new ConsoleProgress(console, "test run")]);
        return writer.ToString();
    }

    private sealed class FakeOutput(TextWriter writer, bool isTerminal) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => isTerminal;

        public int Width => 200;

        public int Height => 50;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
