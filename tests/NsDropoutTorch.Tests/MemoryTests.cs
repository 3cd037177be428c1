using System.Diagnostics;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

public class MemoryTests
{
    [Fact]
    public void TrainAndCapture_TenThousandSteps_LiveTensorsDoNotGrow()
    {
        using var layer = torch.nn.NSDropout(8, 3, 0.5, new NSDropoutOptions { Momentum = 0.9, KeepActivations = true });
        using var model = torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.ReLU(), layer, torch.nn.Linear(8, 3));
        using var x = Data.Normal(1, 12, 6, ScalarType.Float32);
        using var labels = Layers.Balanced(12, 3);
        using var optimizer = torch.optim.SGD(model.parameters(), 0.01);

        Repeat(10);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Repeat(10_000);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal((10_010, 10_010), (layer.steps, layer.validation_captures));

        void Repeat(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                TrainStep();
                model.eval();
                using (no_grad())
                using (LabelScope.Use(labels))
                    Layers.Capture(model, () => model.call(x).Dispose());
                model.train();
            }
        }

        void TrainStep()
        {
            using var scope = NewDisposeScope();
            using var batch = LabelScope.Use(labels);
            optimizer.zero_grad();
            torch.nn.functional.cross_entropy(model.call(x), labels).backward();
            optimizer.step();
        }
    }

    [Theory]
    [InlineData(false, EvalMode.Identity)]
    [InlineData(false, EvalMode.MeanMask)]
    [InlineData(false, EvalMode.LabelMask)]
    [InlineData(true, EvalMode.Identity)]
    public void Forward_OutsideAnyDisposeScope_LeavesOnlyItsOutput(bool training, EvalMode mode)
    {
        using var layer = Layers.Trained(options: new NSDropoutOptions { ScaleBackward = false });
        using var x = Data.Normal(1, 6, 8);
        using var labels = Layers.Balanced(6, 3);
        layer.train(training);
        layer.EvalMode = mode;
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (layer.forward(x, labels))
            Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Train_SteadyStep_AllocatesLessThanFourKilobytesWithItsLabelScope()
    {
        using var layer = torch.nn.NSDropout(16, 3, 0.25);
        using var x = Data.Normal(1, 12, 16, ScalarType.Float32);
        using var labels = Layers.Balanced(12, 3);
        layer.CacheValidation(x, labels);
        Step();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 1000; step++)
            Step();
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1000, 1, 4096);

        void Step()
        {
            using var batch = LabelScope.Use(labels);
            layer.call(x).Dispose();
        }
    }

    [Fact]
    public void ResetStatistics_OutsideAnyDisposeScope_LeavesNoTensor()
    {
        using var layer = Layers.Trained(options: new NSDropoutOptions { Momentum = 0.1 });
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        layer.ResetStatistics();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Output_InsideADisposeScope_BelongsToIt()
    {
        using var layer = Layers.Trained();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (NewDisposeScope())
        {
            layer.forward(Data.Normal(1, 6, 8), Layers.Balanced(6, 3));
            Assert.True(DisposeScopeManager.Statistics.ThreadTotalLiveCount > before);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Train_CacheOfAHundredThousandRows_StepCostsAsWithAHundred()
    {
        using var scope = NewDisposeScope();
        var options = new NSDropoutOptions { KeepActivations = true };
        using var small = torch.nn.NSDropout(64, 4, 0.2, options);
        using var large = torch.nn.NSDropout(64, 4, 0.2, options);
        small.CacheValidation(zeros(100, 64), Layers.Balanced(100, 4));
        large.CacheValidation(zeros(100_000, 64), Layers.Balanced(100_000, 4));
        var (x, labels) = (ones(64, 64), Layers.Balanced(64, 4));

        // Fastest of many, in turns, so that another process on the machine disturbs neither; the cache is 1000 times larger.
        var (fastestSmall, fastestLarge) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var i = 0; i < 200; i++)
        {
            fastestSmall = Min(fastestSmall, Time(small));
            fastestLarge = Min(fastestLarge, Time(large));
        }

        Assert.InRange(fastestLarge / fastestSmall, 0, 2);

        TimeSpan Time(NSDropout layer)
        {
            var start = Stopwatch.GetTimestamp();
            layer.forward(x, labels).Dispose();
            return Stopwatch.GetElapsedTime(start);
        }

        static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
    }
}
