using NsDropoutTorch.Training.Checkpoints;
using TorchSharp;

namespace NsDropoutTorch.Training.Tests.Checkpoints;

public sealed class SavedModelTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => System.IO.Path.Combine(folder.Root, "model.ckpt");

    [Fact]
    public void LoadWeights_SavedModel_GivesTheModelBackWithItsDescription()
    {
        using var model = Job.Model();
        using var other = Job.Model();
        using (torch.no_grad())
        {
            model.parameters().First().add_(1);
        }

        Checkpoint.SaveModel(Path, model, "Größe: {\"hidden\": 16}\n");
        Checkpoint.LoadWeights(Path, other);

        Assert.Equal(Outcome.StateOf(model), Outcome.StateOf(other));
        Assert.Equal("Größe: {\"hidden\": 16}\n", Checkpoint.ReadDescription(Path));
        Assert.Equal([Path], Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void ReadDescription_CheckpointOfARun_IsNull()
    {
        Job.RunUntil(8, Job.Options, folder.Root);

        Assert.Null(Checkpoint.ReadDescription(System.IO.Path.Combine(folder.Root, "last.ckpt")));
    }

    [Fact]
    public void ResumeFrom_SavedModel_SaysThatItHoldsNoRun()
    {
        using var model = Job.Model();
        Checkpoint.SaveModel(Path, model, "");

        var message = Assert.Throws<CheckpointException>(() => Job.Run(Job.Options with { ResumeFrom = Path })).Message;

        Assert.Equal($"a run can only go on from a checkpoint of a run, but '{Path}' holds a model alone; load it with Checkpoint.LoadWeights.", message);
        Assert.Throws<CheckpointException>(() => Trainer.ReadHistory(Path));
    }

    [Fact]
    public void SaveModel_LeavesNoTensorBehind()
    {
        using var model = Job.Model();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Checkpoint.SaveModel(Path, model, "");
        Checkpoint.LoadWeights(Path, model);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    public void Dispose() => folder.Dispose();
}
