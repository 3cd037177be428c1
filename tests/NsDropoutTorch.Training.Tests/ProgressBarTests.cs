using NsDropoutTorch.Training.Callbacks;

namespace NsDropoutTorch.Training.Tests;

public sealed class ProgressBarTests
{
    [Fact]
    public void Terminal_WritesOverOneLineWithinTheEpoch()
    {
        var text = Fit(epochs: 2, width: 100);

        var lines = text.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal("", lines[2]);
        var shown = lines[0].Split('\r');
        Assert.Matches("^epoch 1/2 ━{5}─{15} 1/4  loss [0-9.]+  1 steps/s  0:07 left *$", shown[1]);
        Assert.Matches("^epoch 1/2 ━{20} 4/4  loss [0-9.]+  1 steps/s  0:04 left *$", shown[4]);
        Assert.Matches("^epoch 1/2  loss [0-9.]+  error .* 0:04 left *$", shown[5]);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(40)]
    [InlineData(2)]
    public void Terminal_NoLineReachesTheLastColumn(int width)
    {
        var shown = Fit(epochs: 3, width).Split('\r', '\n');

        Assert.All(shown, line => Assert.True(line.Length < width, $"'{line}' has {line.Length} characters"));
        Assert.Contains(shown, line => line.Length > 0);
    }

    [Fact]
    public void Terminal_ShorterLine_CoversTheLongerBefore()
    {
        var shown = Fit(epochs: 2, width: 200).Split('\n')[0].Split('\r');

        Assert.All(shown.Skip(2).Zip(shown.Skip(1)), pair => Assert.True(pair.First.Length >= pair.Second.TrimEnd().Length));
    }

    [Fact]
    public void Redirected_WritesOneLinePerEpoch()
    {
        var lines = Fit(epochs: 3, width: 0).Split('\n');

        Assert.Equal(4, lines.Length);
        Assert.All(lines[..3], line => Assert.Matches("^epoch [123]/3  loss ", line));
        Assert.DoesNotContain('\r', string.Concat(lines));
    }

    [Fact]
    public void Stopped_TellsTheReasonOnALineOfItsOwn() =>
        Assert.EndsWith("\nstopped after 1 epoch: enough\n", Fit(epochs: 2, width: 80, new Recorder { EpochEnd = (context, _) => context.RequestStop("enough") }), StringComparison.Ordinal);

    [Fact]
    public void Failure_EndsTheLine() =>
        Assert.EndsWith("left\n", Fit(epochs: 2, width: 80, new Recorder { StepEnd = context => _ = context.Iteration == 3 ? throw new InvalidTimeZoneException() : 0 }), StringComparison.Ordinal);

    [Fact]
    public void Resumed_CountsTheStepsSince()
    {
        using var folder = new TemporaryFolder();
        Fit(epochs: 1, width: 100, new ModelCheckpoint(folder.Root));

        var text = Fit(epochs: 3, width: 100, folder.Root);

        Assert.Contains("epoch 2/3 ━━━━━─────────────── 1/4  loss ", text, StringComparison.Ordinal);
        Assert.Contains("  1 steps/s  0:07 left", text, StringComparison.Ordinal);
    }

    private static string Fit(int epochs, int width, params Callback[] others) => Fit(epochs, width, null, others);

    private static string Fit(int epochs, int width, string? resumeFrom, params Callback[] others)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();
        var clock = new Clock();
        try
        {
            Trainer.Fit(
                model, data, null, new TrainerOptions { Epochs = epochs, BatchSize = 16, ResumeFrom = resumeFrom },
                [new Recorder { StepEnd = _ => clock.Now++ }, .. others.Where(other => other is ModelCheckpoint), new ProgressBar(writer, () => width, clock), .. others.Where(other => other is not ModelCheckpoint)]);
        }
        catch (InvalidTimeZoneException)
        {
            // The failure that a test asked for.
        }

        return writer.ToString();
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Now;
    }
}
