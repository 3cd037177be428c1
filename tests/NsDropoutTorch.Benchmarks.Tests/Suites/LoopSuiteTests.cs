using NsDropoutTorch.Benchmarks.Suites;

namespace NsDropoutTorch.Benchmarks.Tests.Suites;

public sealed class LoopSuiteTests
{
    private static readonly Dictionary<string, double> Own = new(StringComparer.Ordinal) { [LoopSuite.Trainer] = 60_000, [LoopSuite.TorchSharpLoop] = 40_000 };

    private static readonly Dictionary<string, double> Fastest =
        new(Own, StringComparer.Ordinal) { [LoopSuite.PyTorchLoop] = 50_000, [LoopSuite.PyTorchOnAverage] = 50_000 };

    private static readonly Dictionary<string, double> Average =
        new(StringComparer.Ordinal) { [LoopSuite.Trainer] = 56_000, [LoopSuite.TorchSharpLoop] = 35_000, [LoopSuite.PyTorchLoop] = 45_000, [LoopSuite.PyTorchOnAverage] = 14_000 };

    [Fact]
    public void Rows_OneThread_CompareTheFastestRoundsAndPyTorchOnAverage() => Assert.Equal(
        [
            ("trainer with FusedAdam, batch 32", LoopSuite.TorchSharpLoop, 1.5, "≥ 1.4"),
            ("trainer with FusedAdam, batch 32", LoopSuite.PyTorchOnAverage, 4, "≥ 2.5"),
            ("trainer with FusedAdam, batch 32", LoopSuite.PyTorchLoop, 1.2, null),
            ("TorchSharp's own loop with Adam, batch 32", LoopSuite.PyTorchLoop, 0.8, null),
        ],
        LoopSuite.Rows(Fastest, Average, 32, 1).Select(row => (row.Subject, row.Reference, row.Ratio, row.Goal?.ToString())));

    [Fact]
    public void Rows_Batch128_HaveGoalsOfTheirOwn() =>
        Assert.Equal(["≥ 1.25", "≥ 1.6", null, null], LoopSuite.Rows(Fastest, Average, 128, 1).Select(row => row.Goal?.ToString()));

    [Fact]
    public void Rows_AllThreads_HaveTheGoalOverPyTorchAlone_ToldItsThreadsAndAsItComes() => Assert.Equal(
        [(LoopSuite.TorchSharpLoop, null), (LoopSuite.PyTorchOnAverage, "≥ 2.5"), (LoopSuite.PyTorchAsItComes, "≥ 2.5"), (LoopSuite.PyTorchLoop, null), (LoopSuite.PyTorchLoop, null)],
        LoopSuite.Rows(Fastest, new Dictionary<string, double>(Average, StringComparer.Ordinal) { [LoopSuite.PyTorchAsItComes] = 28_000 }, 32, 2).Select(row => (row.Reference, row.Goal?.ToString())));

    [Fact]
    public void Rows_NoPyTorch_CompareWithTorchSharpAlone()
    {
        var row = Assert.Single(LoopSuite.Rows(Own, Own, 128, 1));
        Assert.Equal((1.5, LoopSuite.TorchSharpLoop, "60,000 to 40,000/s"), (row.Ratio, row.Reference, row.Time));
    }
}
