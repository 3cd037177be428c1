using NsDropoutTorch.Cli.Workers;

namespace NsDropoutTorch.Cli.Tests.Workers;

public sealed class RunningOptionsTests
{
    [Theory]
    [InlineData(2, 1, null, 1, 2, 1)]
    [InlineData(8, 2, null, 2, 4, 2)]
    [InlineData(2, 5, null, 5, 1, 2)]
    [InlineData(8, 4, 4, 4, 4, 2)]
    public void On_NumberOfJobs_DividesTheCores(int cores, int jobs, int? threads, int expectedJobs, int expectedThreads, int processes) =>
        AssertComesTo((expectedJobs, expectedThreads, processes), cores, jobs, threads);

    [Theory]
    [InlineData(1, null, 1, 1, 1)]
    [InlineData(2, null, 2, 1, 2)]
    [InlineData(64, null, 64, 1, 64)]
    [InlineData(8, 2, 8, 2, 4)]
    [InlineData(2, 4, 2, 4, 1)]
    public void On_Auto_UsesEveryCoreWithOneThreadARun(int cores, int? threads, int jobs, int expectedThreads, int processes) =>
        AssertComesTo((jobs, expectedThreads, processes), cores, null, threads);

    private static void AssertComesTo((int Jobs, int Threads, int Processes) expected, int cores, int? jobs, int? threads)
    {
        var options = RunningOptions.On(cores, null, jobs, threads, quiet: true);
        Assert.Equal(expected, (options.Jobs, options.Threads, options.Processes));
    }
}
