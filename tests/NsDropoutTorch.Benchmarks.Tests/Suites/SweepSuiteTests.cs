using NsDropoutTorch.Benchmarks.Suites;

namespace NsDropoutTorch.Benchmarks.Tests.Suites;

public sealed class SweepSuiteTests
{
    private static readonly Dictionary<string, double> Speeds = new(StringComparer.Ordinal) { [SweepSuite.Auto] = 600, [SweepSuite.OneByOne] = 400, [SweepSuite.OneByOneAllThreads] = 300 };

    [Fact]
    public void Rows_TwoCores_HaveTheGoalOverOneRunAtATimeWithAllThreads() => Assert.Equal(
        [(1.5, SweepSuite.OneByOne, "600 to 400/h", null), (2, SweepSuite.OneByOneAllThreads, "600 to 300/h", "≥ 1.7")],
        SweepSuite.Rows(Speeds, 2).Select(row => (row.Ratio, row.Reference, row.Time, row.Goal?.ToString())));

    [Fact]
    public void Rows_OneCore_HaveNone() => Assert.All(SweepSuite.Rows(Speeds, 1), row => Assert.Null(row.Goal));

    [Fact]
    public void Rows_PyTorch_IsReportedWithoutAGoal()
    {
        var speeds = new Dictionary<string, double>(Speeds, StringComparer.Ordinal) { [SweepSuite.PyTorchAtOnce] = 200, [SweepSuite.PyTorchOneByOne] = 50 };
        Assert.Equal(
            [(SweepSuite.OneByOne, 1.5), (SweepSuite.OneByOneAllThreads, 2), (SweepSuite.PyTorchAtOnce, 3), (SweepSuite.PyTorchOneByOne, 12)],
            SweepSuite.Rows(speeds, 2).Select(row => (row.Reference, row.Ratio)));
        Assert.Single(SweepSuite.Rows(speeds, 2), row => row.Goal is not null);
    }
}
