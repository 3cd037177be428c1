using System.Diagnostics;
using System.Globalization;
using NsDropoutTorch.Benchmarks.Contestants;
using NsDropoutTorch.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks;

/// <summary>The program that <see cref="Suites.StartSuite"/> times: it loads <see cref="Digits"/>, takes one training step, and prints the milliseconds since its process began.</summary>
internal static class FirstStep
{
    public const string Argument = "first-step";

    public static void Run()
    {
        var digits = Digits.Load();
        using var train = digits.TrainTensors();
        using var validation = digits.TestTensors();
        using var model = Mlp.Of(digits.Train.PixelsPerImage, nn.NSDropout(128, 10, 0.2));
        Trainer.Fit(model, new TrainingData(train, validation, null), new TrainerOptions { Epochs = 1, BatchSize = 128 }, [new StopAtOnce()]);
    }

    private sealed class StopAtOnce : Callback
    {
        public override void OnStepEnd(FitContext context)
        {
            if (context.Iteration != 1) return;
            using var process = Process.GetCurrentProcess();
            var age = DateTime.Now - process.StartTime;
            Console.WriteLine(age.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
            context.RequestStop("one step is enough");
        }
    }
}
