using Spectre.Console;

namespace NsDropoutTorch.Training.Tests;

public sealed class ConsoleProgressTests
{
    [Fact]
    public void OnEpochEnd_RedirectedOutput_WritesAboutTenPlainLines()
    {
        var text = Fit(epochs: 100, ansi: false);

        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(10, lines.Length);
        Assert.StartsWith("test run  epoch  10/100  loss ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("test run  epoch 100/100  loss ", lines[9], StringComparison.Ordinal);
        Assert.DoesNotContain("\e", text, StringComparison.Ordinal);
    }

    [Fact]
    public void OnFitEnd_Stopped_TellsTheReason()
    {
        var text = Fit(epochs: 100, ansi: false, new Recorder { EpochEnd = (context, _) => context.RequestStop("it is late [sic]") });

        Assert.Equal("test run  stopped after 1 epochs: it is late [sic]\n", text);
    }

    private static string Fit(int epochs, bool ansi, params Callback[] others)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = ansi ? AnsiSupport.Yes : AnsiSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 200;
        using var data = Models.Clouds(16, 1);
        using var model = Models.Mlp();
        Trainer.Fit(model, data, data, new TrainerOptions { Epochs = epochs }, [.. others, new ConsoleProgress(console, "test run")]);
        return writer.ToString();
    }
}
