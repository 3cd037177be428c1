using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests.Checkpoints;

public sealed class CheckpointMemoryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    // TorchSharp leaves tensors of a new model to the finalizer, so models are made before the count.
    private readonly nn.Module<Tensor, Tensor> model = Job.Model();

    // What other tests left to the finalizer must not be counted as freed here.
    public CheckpointMemoryTests()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_SavingAndResuming_LeavesNoTensorBehind(bool insideAScope)
    {
        using var outer = insideAScope ? NewDisposeScope() : null;
        Job.FitUntil(1, model, Job.Options, Path.Combine(folder.Root, "gradients"));
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Job.FitUntil(8, model, Job.Options, folder.Root);
        Job.Fit(model, Job.Options with { ResumeFrom = folder.Root }, [new ModelCheckpoint(folder.Root) { EverySteps = 1 }]);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Fit_SavingEveryStep_KeepsTheCountOfLiveTensors()
    {
        var counts = new List<long>();

        Job.Fit(model, callbacks: [new ModelCheckpoint(folder.Root) { EverySteps = 1 }, new Recorder { StepEnd = _ => counts.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount) }]);

        // The momentum exists from the first step on; the last batch of an epoch has the same number of tensors as the others.
        Assert.Single(counts.Skip(1).Distinct());
    }

    [Fact]
    public void Fit_Refused_LeavesNoTensorBehind()
    {
        using var other = Models.Mlp();
        Job.FitUntil(8, model, Job.Options, folder.Root);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Assert.Throws<CheckpointException>(() => Job.Fit(model, Job.Options with { ResumeFrom = folder.Root, Seed = 9 }));
        Assert.Throws<CheckpointException>(() => Job.Fit(other, Job.Options with { ResumeFrom = folder.Root }));
        Assert.Throws<ArgumentException>(() => Job.Fit(model, callbacks: [new ModelCheckpoint(folder.Root)]));
        Assert.Throws<ArgumentException>(() => Checkpoint.LoadWeights(Path.Combine(folder.Root, "last.ckpt"), other));

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void LoadWeights_LeavesNoTensorBehind()
    {
        Job.Fit(model, callbacks: [new ModelCheckpoint(folder.Root)]);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Checkpoint.LoadWeights(Path.Combine(folder.Root, "last.ckpt"), model);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }
}
