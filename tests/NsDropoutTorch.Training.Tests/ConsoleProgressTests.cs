using System.Text;
using NsDropoutTorch.Training.Callbacks;
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

        Assert.Equal("test run  stopped after 1 epoch: it is late [sic]\n", text);
    }

    [Fact]
    public void OnEpochEnd_RedirectedOutputNarrowerThanARecord_WritesEachOnOneLine()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var console = Console(writer, isTerminal: false, width: 40);
        using var data = Models.Clouds(16, 1);
        using var model = Models.Mlp();
        var options = new TrainerOptions { Epochs = 3, Penalties = [new("hidden") { WeightL2 = 1 }] };
        var stop = new Recorder { EpochEnd = (context, record) => RequestStop(context, record, 2, "a reason " + new string('.', 60)) };

        Trainer.Fit(model, data, data, options, [stop, new ConsoleProgress(console, "a run with a [long] name, seed 22")]);

        var lines = writer.ToString().Split('\n');
        Assert.Equal(5, lines.Length);
        Assert.All(lines[..4], line => Assert.StartsWith("a run with a [long] name, seed 22  ", line, StringComparison.Ordinal));
        Assert.All(lines[..3], line => Assert.EndsWith(" left", line, StringComparison.Ordinal));
    }

    // 20 epochs, then 10 of 100 seconds: 10 are left, which take 1000.
    [Fact]
    public void OnEpochEnd_ResumedRun_TellsTheTimeLeftByWhatWasTrainedSince()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        using var data = Models.Clouds(16, 1);
        using var writer = new StringWriter { NewLine = "\n" };
        var clock = new Clock();
        foreach (var epochs in new[] { 20, 40 })
        {
            using var model = Models.Mlp();
            Trainer.Fit(
                model, data, null, new TrainerOptions { Epochs = epochs, ResumeFrom = folder },
                [
                    new ModelCheckpoint(folder), new Recorder { StepEnd = context => clock.Now += context.Epoch < 20 ? 1 : 100 },
                    new ConsoleProgress(Console(writer, isTerminal: false, width: 200), "run", clock),
                ]);
        }

        Directory.Delete(folder, recursive: true);
        Assert.Matches("run  epoch 16/20  .*  0:04 left\n", writer.ToString());
        Assert.Matches("run  epoch 28/40  .*  20:00 left\n", writer.ToString());
    }

    private static void RequestStop(FitContext context, EpochRecord record, int epoch, string reason)
    {
        if (record.Epoch == epoch)
        {
            context.RequestStop(reason);
        }
    }

    private static IAnsiConsole Console(TextWriter writer, bool isTerminal, int width) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = isTerminal ? AnsiSupport.Yes : AnsiSupport.No,
        Out = new FakeOutput(writer, isTerminal, width),
    });

    private static string Fit(int epochs, bool isTerminal, params Callback[] others)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var console = Console(writer, isTerminal, width: 200);
        using var data = Models.Clouds(16, 1);
        using var model = Models.Mlp();
        Trainer.Fit(model, data, data, new TrainerOptions { Epochs = epochs }, [.. others, new ConsoleProgress(console, "test run")]);
        return writer.ToString();
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Now;
    }

    private sealed class FakeOutput(TextWriter writer, bool isTerminal, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => isTerminal;

        public int Width => width;

        public int Height => 50;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
