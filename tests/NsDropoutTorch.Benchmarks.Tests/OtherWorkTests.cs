namespace NsDropoutTorch.Benchmarks.Tests;

public sealed class OtherWorkTests
{
    private static readonly ProcessorTimes Before = ProcessorTimes.Parse(Cores((100, 10, 20, 870), (50, 0, 0, 950), (7, 0, 0, 993)), Self(30, 5, 2, 1), core => core < 2);

    // A second later the first core was busy all the time and the second for 60 of 100 ticks; 95 of these 160 were ours. The third core is none of ours.
    private static readonly ProcessorTimes After = ProcessorTimes.Parse(Cores((180, 10, 40, 870), (110, 0, 0, 990), (99, 0, 0, 1001)), Self(100, 20, 11, 2), core => core < 2);

    [Fact]
    public void Parse_TwoOfThreeCores_AddsUpWhatWasBusyAndWhatWasOurs()
    {
        Assert.Equal(new(1000, 180, 38), Before);
        Assert.Equal(new(1100, 340, 133), After);
    }

    [Fact]
    public void OthersSince_ASecond_IsTheCoresThatOthersKeptBusy() => Assert.Equal(0.65, After.OthersSince(Before), 12);

    [Fact]
    public void OthersSince_OwnTimeRoundedUp_IsNotNegative() => Assert.Equal(0, (Before with { Elapsed = 1001, Own = 39 }).OthersSince(Before));

    [Fact]
    public void Parse_StolenTime_IsBusyAndWaitingForDisksIsNot() => Assert.Equal(
        new(25, 17, 0), ProcessorTimes.Parse("cpu  0 0 0 0 0 0 0 0 0 0\ncpu0 1 2 3 5 3 2 1 8 4 4\nintr 1 2", Self(0, 0, 0, 0), _ => true));

    [Fact]
    public void Warning_BusyOthers_NamesPeriodAndCores() => Assert.Equal(
        "Data: other processes kept 1.3 of 2 cores busy; repeat this when the machine is quiet before you believe a ratio.", OtherWork.Warning("Data", 1.26, 2));

    [Theory]
    [InlineData(0)]
    [InlineData(OtherWork.Limit)]
    [InlineData(double.NaN)]
    public void Warning_QuietOthers_IsNull(double others) => Assert.Null(OtherWork.Warning("Data", others, 2));

    [LinuxFact]
    public void Parse_FilesOfThisMachine_HoldTimes()
    {
        var times = ProcessorTimes.Parse(File.ReadAllText("/proc/stat"), File.ReadAllText("/proc/self/stat"), _ => true);

        Assert.InRange(times.Own, 1, times.Busy);
        Assert.InRange(times.Busy, times.Own, times.Elapsed * Environment.ProcessorCount);
    }

    private static string Cores(params (int User, int Nice, int System, int Idle)[] cores) =>
        $"cpu  9 9 9 9 9 9 9 9 0 0\n{string.Concat(cores.Select((core, i) => $"cpu{i} {core.User} {core.Nice} {core.System} {core.Idle} 0 0 0 0 0 0\n"))}ctxt 5";

    private static string Self(int user, int system, int childrenUser, int childrenSystem) => $"12 (a (b) c) R 1 2 3 4 5 6 7 8 9 10 {user} {system} {childrenUser} {childrenSystem} 20 0 1";
}
