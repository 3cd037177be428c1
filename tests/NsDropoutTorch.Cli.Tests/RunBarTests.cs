using System.Text;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Data;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Callbacks;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Cli.Tests;

public sealed class RunBarTests
{
    [Fact]
    public void OnEpochEnd_Terminal_RedrawsOneLineAndEndsWithTheLastEpoch()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        Fit(100, null, new RunBar(On(writer), "test run"));
        var text = writer.ToString();

        var drawings = text.Split("\e[1A\e[2K");
        Assert.InRange(drawings.Length, 2, 100);
        Assert.All(drawings, drawing => Assert.Single(drawing.TrimEnd('\n').Split('\n')));
        Assert.Contains("epoch   1/100", drawings[0], StringComparison.Ordinal);
        Assert.Contains("epoch 100/100", drawings[^1], StringComparison.Ordinal);
        Assert.Contains("━━━━━━━━━━━━━━━━━━━━", drawings[^1], StringComparison.Ordinal);
    }

    // 20 epochs, then 10 of 100 seconds: 10 are left, which take 1000.
    [Fact]
    public void OnEpochEnd_ResumedRun_TellsTheTimeLeftByWhatWasTrainedSince()
    {
        using var sandbox = new Sandbox();
        using var writer = new StringWriter { NewLine = "\n" };
        var clock = new Clock();
        foreach (var epochs in new[] { 20, 40 })
        {
            Fit(epochs, sandbox["run"], new ModelCheckpoint(sandbox["run"]), new Steps(clock), new RunBar(On(writer), "run", clock));
        }

        Assert.Matches("epoch 10/20 .* 0:10 left", writer.ToString());
        Assert.Matches("epoch 30/40 .* 16:40 left", writer.ToString());
    }

    [Fact]
    public void OnEpochEnd_SecondRun_LeavesTheLineOfTheFirst()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var bar = new RunBar(On(writer), "run");

        Fit(1, null, bar);
        Fit(1, null, bar);

        Assert.DoesNotContain("\e[1A", writer.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, writer.ToString().Count(c => c == '\n'));
    }

    private static IAnsiConsole On(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Out = new Terminal(writer) });

    private static void Fit(int epochs, string? resumeFrom, params Callback[] callbacks)
    {
        using var data = new TensorData(ones(16, 2), zeros(16, ScalarType.Int64));
        using var model = nn.Sequential(nn.Linear(2, 2));
        Trainer.Fit(model, data, null, new TrainerOptions { Epochs = epochs, ResumeFrom = resumeFrom }, callbacks);
    }

    /// <summary>Takes a second a step in the first 20 epochs, then 100.</summary>
    private sealed class Steps(Clock clock) : Callback
    {
        public override void OnStepEnd(FitContext context) => clock.Now += context.Epoch < 20 ? 1 : 100;
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Now;
    }

    private sealed class Terminal(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => 200;

        public int Height => 50;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
