using NsDropoutTorch.Benchmarks.Suites;

namespace NsDropoutTorch.Benchmarks.Tests.Suites;

public sealed class LoopSuiteTests
{
    private static readonly Dictionary<string, double> Speeds = new(StringComparer.Ordinal) { [LoopSuite.Trainer] = 60_000, [LoopSuite.TorchSharpLoop] = 40_000 };
    private static readonly Dictionary<string, double> AllSpeeds = new(Speeds, StringComparer.Ordinal) { [LoopSuite.PyTorchLoop] = 20_000 };

    [Fact]
    public void Rows_OneThread_HaveTheGoals()
    {
        Assert.Equal(
            [("trainer with FusedAdam, batch 32", 1.5, "≥ 1.4"), ("trainer with FusedAdam, batch 32", 3, "≥ 2.5"), ("TorchSharp's own loop with Adam, batch 32", 2, null)],
            LoopSuite.Rows(AllSpeeds, 32, 1).Select(row => (row.Subject, row.Ratio, row.Goal?.ToString())));
        Assert.Equal(["≥ 1.25", "≥ 1.6", null], LoopSuite.Rows(AllSpeeds, 128, 1).Select(row => row.Goal?.ToString()));
    }

    [Fact]
    public void Rows_TwoThreads_HaveNone() => Assert.All(LoopSuite.Rows(AllSpeeds, 32, 2), row => Assert.Null(row.Goal));

    [Fact]
    public void Rows_NoPyTorch_CompareWithTorchSharpAlone()
    {
        var row = Assert.Single(LoopSuite.Rows(Speeds, 128, 1));
        Assert.Equal((1.5, LoopSuite.TorchSharpLoop, "60,000 to 40,000/s"), (row.Ratio, row.Reference, row.Time));
    }
}
