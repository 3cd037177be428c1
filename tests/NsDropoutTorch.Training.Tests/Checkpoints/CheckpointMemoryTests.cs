using NsDropoutTorch.Training.Tests.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests.Checkpoints;

public sealed class CheckpointMemoryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    // What other tests left to the finalizer must not be counted as freed here.
    public CheckpointMemoryTests()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_SavingAndResuming_LeavesNoTensorBehind(bool insideAScope)
    {
        using var outer = insideAScope ? NewDisposeScope() : null;
        var before = Tensor.TotalCount;

        Job.RunUntil(8, Job.Options, folder.Root);
        Job.Run(Job.Options with { ResumeFrom = folder.Root }, [new ModelCheckpoint(folder.Root) { EverySteps = 1 }]);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Fit_SavingEveryStep_KeepsTheCountOfLiveTensors()
    {
        var counts = new List<long>();

        Job.Run(callbacks: [new ModelCheckpoint(folder.Root) { EverySteps = 1 }, new Recorder { StepEnd = _ => counts.Add(Tensor.TotalCount) }]);

        // The momentum exists from the first step on; the last batch of an epoch has the same number of tensors as the others.
        Assert.Single(counts.Skip(1).Distinct());
    }

    [Fact]
    public void Fit_Refused_LeavesNoTensorBehind()
    {
        Job.RunUntil(8, Job.Options, folder.Root);
        var before = Tensor.TotalCount;

        Assert.Throws<CheckpointException>(() => Job.Run(Job.Options with { ResumeFrom = folder.Root, Seed = 9 }));
        Assert.Throws<ArgumentException>(() => Job.Run(callbacks: [new ModelCheckpoint(folder.Root)]));
        using (var other = Models.Mlp())
        {
            Assert.Throws<ArgumentException>(() => Checkpoint.LoadWeights(Path.Combine(folder.Root, "last.ckpt"), other));
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void LoadWeights_LeavesNoTensorBehind()
    {
        Job.Run(callbacks: [new ModelCheckpoint(folder.Root)]);
        using var model = Job.Model();
        var before = Tensor.TotalCount;

        Checkpoint.LoadWeights(Path.Combine(folder.Root, "last.ckpt"), model);

        Assert.Equal(before, Tensor.TotalCount);
    }

    public void Dispose() => folder.Dispose();
}
