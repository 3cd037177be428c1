using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Slurm;

namespace NsDropoutTorch.Cli.Tests.Slurm;

public sealed class SubmissionTests
{
    private static readonly SlurmOptions Options = new(null, null, 1, 10, 120, [], null, false, false);

    private readonly List<SubmittedArray> submitted = [];
    private int waits;

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0-2", 0, 1, 2)]
    [InlineData("1,3-5,9", 1, 3, 4, 5, 9)]
    public void Ranges_Numbers_AreWrittenAsSlurmDoes(string expected, params int[] numbers) => Assert.Equal(expected, SubmittedArray.Ranges(numbers));

    [LinuxFact]
    public void Run_MoreThanMaxArraySize_IsCutAndNumberedFromZeroAgain()
    {
        using var slurm = new FakeSlurm();

        Submit(Options, [.. Enumerable.Range(0, 25)], 10);

        Assert.Equal(
            ["sbatch --parsable --array=0-9 array.sbatch 0", "sbatch --parsable --array=0-9 array.sbatch 10", "sbatch --parsable --array=0-4 array.sbatch 20"],
            slurm.Calls);
        Assert.Equal([(1L, 0), (2, 10), (3, 20)], submitted.Select(array => (array.Job, array.Offset)));
        Assert.Equal(Enumerable.Range(0, 25), submitted.SelectMany(array => array.Tasks));
    }

    [LinuxFact]
    public void Run_AFewAtATime_CutArraysFollowEachOther()
    {
        using var slurm = new FakeSlurm();

        Submit(Options with { Parallel = 4 }, [1, 2, 12, 19], 10);

        Assert.Equal(["sbatch --parsable --array=1-2%4 array.sbatch 0", "sbatch --parsable --array=2,9%4 --dependency=afterany:1 array.sbatch 10"], slurm.Calls);
    }

    [LinuxFact]
    public void Run_FewerMayBeSubmitted_TakesSmallerArrays()
    {
        using var slurm = new FakeSlurm(most: 3);

        Submit(Options, [.. Enumerable.Range(0, 8)], 1000);

        Assert.Equal(0, waits);
        Assert.Equal(Enumerable.Range(0, 8), submitted.SelectMany(array => array.Tasks));
        Assert.All(submitted, array => Assert.InRange(array.Tasks.Count, 1, 3));
    }

    [LinuxFact]
    public void Run_NoMoreMayBeSubmitted_WaitsAndTriesAgain()
    {
        using var slurm = new FakeSlurm(refusals: 4);

        Submit(Options, [0, 1, 2, 3], 1000);

        // 4, 2, 1 are refused, then one wait, one more refusal of 4, and 2 are taken.
        Assert.Equal(1, waits);
        Assert.Equal([[0, 1], [2, 3]], submitted.Select(array => array.Tasks));
    }

    private void Submit(SlurmOptions options, int[] tasks, int maxArraySize) => new Submission("array.sbatch", options, submitted.Add, () => waits++).Run(tasks, maxArraySize);
}
