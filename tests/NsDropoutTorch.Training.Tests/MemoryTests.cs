using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class MemoryTests
{
    // What other tests left to the finalizer must not be counted as freed here.
    public MemoryTests()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Fact]
    public void Fit_TenThousandSteps_KeepsTheCountOfLiveTensorsAndTheMemory()
    {
        using var data = Models.Clouds(160, 1);
        using var model = Models.Mlp(nn.NSDropout(16, 3, 0.25));
        var counts = new Dictionary<long, long>();
        var bytes = new Dictionary<long, long>();
        var recorder = new Recorder
        {
            StepEnd = context =>
            {
                // A step leaves so little garbage that the runtime would first collect it after thousands; until then the heap takes new pages, as many as the
                // processor's cache is large. That is not what is to be found here.
                if (context.Iteration % 500 == 0)
                {
                    GC.Collect();
                }

                if (context.Iteration is 10 or 1_000 or 10_000)
                {
                    counts[context.Iteration] = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
                    bytes[context.Iteration] = ResidentBytes();
                }
            },
        };

        // Ten steps an epoch, so that steps 10, 1,000 and 10,000 are all the last of theirs.
        Trainer.Fit(model, data, data, new TrainerOptions { Epochs = 1_000, BatchSize = 16 }, [recorder], maskStatistics: data);

        Assert.Equal(counts[10], counts[10_000]);
        Assert.True(bytes[10_000] - bytes[1_000] < 20_000_000, $"memory grew by {bytes[10_000] - bytes[1_000]} bytes");
    }

    [Fact]
    public void Fit_WhenDone_LeavesNoTensorBehind()
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Trainer.Fit(model, data, data, new TrainerOptions { Epochs = 3 });

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fit_CallbackThrows_LeavesNoTensorBehind(bool inStep)
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var thrower = new Recorder
        {
            StepEnd = _ => ThrowIf(inStep),
            EpochEnd = (_, _) => ThrowIf(true),
        };

        Assert.Throws<InvalidTimeZoneException>(() => Trainer.Fit(model, data, data, new TrainerOptions { BatchSize = 16 }, [thrower]));

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Fit_CallbackMakesTensors_FreesThem()
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var careless = new Recorder { StepEnd = _ => zeros(3L), EpochEnd = (_, _) => ones(3L) };

        Trainer.Fit(model, data, data, new TrainerOptions { Epochs = 3 }, [careless]);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void EvaluateAndPredict_LeaveOnlyTheResult()
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Trainer.Evaluate(model, data, pieceBytes: 100);
        Trainer.Predict(model, data, pieceBytes: 100).Dispose();
        var kept = Trainer.Predict(model, data.Inputs, pieceBytes: 100);

        Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        kept.Dispose();
    }

    [Fact]
    public void Step_ManagedAllocations_AreSmall()
    {
        using var data = Models.Clouds(1_600, 1);
        using var model = Models.Mlp();
        var allocated = new Dictionary<long, long>();
        var recorder = new Watcher(iteration => allocated[iteration] = GC.GetAllocatedBytesForCurrentThread());

        Trainer.Fit(model, data, null, new TrainerOptions { Epochs = 2, BatchSize = 16 }, [recorder]);

        var perStep = (allocated[190] - allocated[110]) / 80;
        Assert.True(perStep < 4_500, $"{perStep} bytes a step");
    }

    private static void ThrowIf(bool condition)
    {
        if (condition)
        {
            throw new InvalidTimeZoneException("from the callback");
        }
    }

    private static long ResidentBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private sealed class Watcher(Action<long> atStep) : Callback
    {
        public override void OnStepEnd(FitContext context) => atStep(context.Iteration);
    }
}
