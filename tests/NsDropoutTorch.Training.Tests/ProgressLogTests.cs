using System.Text;
using NsDropoutTorch.Training.Callbacks;

namespace NsDropoutTorch.Training.Tests;

public sealed class ProgressLogTests
{
    [Fact]
    public void OnEpochEnd_LongRun_WritesAboutTenPlainLines()
    {
        var text = Fit(epochs: 100);

        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(10, lines.Length);
        Assert.StartsWith("test run  epoch  10/100  loss ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("test run  epoch 100/100  loss ", lines[9], StringComparison.Ordinal);
        Assert.DoesNotContain("\e", text, StringComparison.Ordinal);
    }

    [Fact]
    public void OnFitEnd_Stopped_TellsTheReason()
    {
        var text = Fit(epochs: 100, new Recorder { EpochEnd = (context, _) => context.RequestStop("it is late [sic]") });

        Assert.Equal("test run  stopped after 1 epoch: it is late [sic]\n", text);
    }

    [Fact]
    public void OnEpochEnd_LongRecord_IsOneLine()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        using var data = Models.Clouds(16, 1);
        using var model = Models.Mlp();
        var options = new TrainerOptions { Epochs = 3, Penalties = [new("hidden") { WeightL2 = 1 }] };
        var stop = new Recorder { EpochEnd = (context, record) => RequestStop(context, record, 2, "a reason " + new string('.', 60)) };

        Trainer.Fit(model, data, data, options, [stop, new ProgressLog(writer, "a run with a [long] name, seed 22")]);

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
                    new ProgressLog(writer, "run", clock),
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

    private static string Fit(int epochs, params Callback[] others)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        using var data = Models.Clouds(16, 1);
        using var model = Models.Mlp();
        Trainer.Fit(model, data, data, new TrainerOptions { Epochs = epochs }, [.. others, new ProgressLog(writer, "test run")]);
        return writer.ToString();
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Now;
    }
}
