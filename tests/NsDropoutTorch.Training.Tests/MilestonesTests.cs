using NsDropoutTorch.Training.Callbacks;
using TorchSharp;

namespace NsDropoutTorch.Training.Tests;

public sealed class MilestonesTests
{
    [Fact]
    public void OnEpochEnd_LevelsReached_AreSaidOnceInOrder()
    {
        var said = Say([0.9, 0.5, 0.975], 0.9, 0.5, 0.6, 0.04, 0.2, 0.025);

        Assert.Equal(
            [
                "reached 50 % validation accuracy in 2 epochs",
                "reached 90 % validation accuracy in 4 epochs",
                "reached 97.5 % validation accuracy in 6 epochs",
            ],
            said);
    }

    [Fact]
    public void OnEpochEnd_FirstEpoch_IsOneEpoch() => Assert.Equal(["reached 30 % validation accuracy in 1 epoch"], Say([0.3], 0.7));

    [Fact]
    public void OnEpochEnd_NoSelection_SaysNothing() => Assert.Empty(Say([0.3], null, null));

    [Fact]
    public void EpochsTo_EveryHundredth_IsReachedByTheErrorThatLeavesIt()
    {
        for (var percent = 1; percent <= 100; percent++)
        {
            Assert.Equal(1, Milestones.EpochsTo(Records.Of((100 - percent) / 100.0), percent / 100.0));
            Assert.Null(Milestones.EpochsTo(Records.Of((101 - percent) / 100.0), percent / 100.0));
        }
    }

    [Fact]
    public void Accuracies_OutOfRangeOrTwice_SayTheRule()
    {
        Broken.Says("accuracy must be in (0, 1], but got 90.", () => _ = new Milestones(_ => { }, 90));
        Broken.Says("accuracies must hold at least one value, but got none.", () => _ = new Milestones(_ => { }));
        Broken.Says("accuracies must differ from each other, but got '0.9' twice.", () => _ = new Milestones(_ => { }, 0.9, 0.9));
    }

    private static List<string> Say(double[] accuracies, params double?[] errors)
    {
        var said = new List<string>();
        using var model = Models.Mlp();
        using var progress = new RunProgress(torch.CPU, []);
        var context = new FitContext(model, new TrainerOptions(), 1, progress, null!);
        var milestones = new Milestones(said.Add, accuracies);
        foreach (var record in Records.Of(errors))
        {
            progress.EndEpoch(record);
            milestones.OnEpochEnd(context, record);
        }

        return said;
    }
}
