using System.Text;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Data;
using NsDropoutTorch.Training;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Cli.Tests;

public sealed class ProgressBarTests
{
    [Fact]
    public void OnEpochEnd_Terminal_RedrawsOneLineAndEndsWithTheLastEpoch()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Out = new Terminal(writer) });
        using var data = new TensorData(ones(16, 2), zeros(16, ScalarType.Int64));
        using var model = nn.Sequential(nn.Linear(2, 2));
        Trainer.Fit(model, data, null, new TrainerOptions { Epochs = 100 }, [new ProgressBar(console, "test run")]);
        var text = writer.ToString();

        var drawings = text.Split("\e[1A\e[2K");
        Assert.InRange(drawings.Length, 2, 100);
        Assert.All(drawings, drawing => Assert.Single(drawing.TrimEnd('\n').Split('\n')));
        Assert.Contains("epoch   1/100", drawings[0], StringComparison.Ordinal);
        Assert.Contains("epoch 100/100", drawings[^1], StringComparison.Ordinal);
        Assert.Contains("━━━━━━━━━━━━━━━━━━━━", drawings[^1], StringComparison.Ordinal);
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
