using NsDropoutTorch;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Data;
using static TorchSharp.torch;

namespace TorchSharp.SystemLibTorch.Tests;

/// <summary>What a training step costs, in counts that no busy machine disturbs; the times are what ./bench.sh is for.</summary>
public sealed class StepCostTests
{
    [Fact]
    public void Forward_WithACache_CallsNoMoreOperatorsThanItsStepsNeed()
    {
        string[] expected =
        [
            "zeros", "ones_like", "index_add_", // rows per class
            "to", "zeros", "index_add_", "unsqueeze", "div_", // means per class
            "sub", "contiguous", "empty", "copy_", // masks by the gap
            "zeros_like", "masked_fill_", "index_select", "mul", // output
        ];

        Assert.Equal(expected.Order(StringComparer.Ordinal), Step(cacheRows: 60).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Forward_WithAClassMissing_AlsoChoosesBetweenOldMaskAndNew() =>
        Assert.Equal(Step(60).Concat(["logical_and", "unsqueeze", "where"]).Order(StringComparer.Ordinal), Step(60, rows: 2).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_WithAHundredTimesTheCache_CallsTheSameOperators(bool keepActivations) =>
        Assert.Equal(Step(60, keepActivations), Step(6_000, keepActivations));

    [Fact]
    public void Forward_OfTenTimesTheRowsAndClasses_CallsTheSameOperators() => Assert.Equal(Step(60), Step(60, rows: 300, classes: 30));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_ASteadyStep_AllocatesLessThanFourKilobytes(bool withLayer)
    {
        Seeding.Seed(0);
        using var data = new TensorData(rand(12_800, 20), arange(12_800L).remainder(10));
        using var layer = withLayer ? (nn.Module<Tensor, Tensor>)nn.NSDropout(16, 10, 0.2) : nn.Identity();
        using var model = nn.Sequential(
            nn.Linear(20, 16), nn.ReLU(), layer, nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 10));
        var steps = new AllocatedBySteps();

        Trainer.Fit(model, new TrainingData(data, data, null), new TrainerOptions { Epochs = 2, BatchSize = 32 }, [steps]);

        // The last steps: the runtime has compiled the code for good by then.
        Assert.InRange(steps.Bytes.TakeLast(200).Order().ElementAt(100), 1, 4096);
    }

    private static IReadOnlyList<string> Step(long cacheRows, bool keepActivations = false, long rows = 30, long classes = 3)
    {
        using var scope = NewDisposeScope();
        using var layer = nn.NSDropout(16, classes, 0.25, new NSDropoutOptions { KeepActivations = keepActivations });
        layer.CacheValidation(rand(cacheRows, 16), arange(cacheRows).remainder(classes));
        var (input, labels) = (rand(rows, 16), arange(rows).remainder(classes));
        using var log = new OperatorLog();
        layer.forward(input, labels);
        return log.Called;
    }

    private sealed class AllocatedBySteps : Callback
    {
        private long before = GC.GetAllocatedBytesForCurrentThread();

        public List<long> Bytes { get; } = new(1_000);

        public override void OnStepEnd(FitContext context)
        {
            Bytes.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            before = GC.GetAllocatedBytesForCurrentThread();
        }
    }
}
