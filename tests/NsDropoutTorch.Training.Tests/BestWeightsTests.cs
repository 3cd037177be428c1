using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class BestWeightsTests
{
    [Fact]
    public void Restore_AfterTraining_PutsBackParametersAndBuffersOfTheBestEpoch()
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp(nn.BatchNorm1d(16));
        using var best = new BestWeights();
        var states = new List<double[]>();
        var history = Trainer.Fit(
            model, data, data, new TrainerOptions { Epochs = 12, BatchSize = 16, Optimizer = p => optim.Adam(p, 0.2) },
            [best, new Recorder { EpochEnd = (_, _) => states.Add(State(model)) }]).History;

        best.Restore(model);

        var expected = history.MinBy(record => record.SelectionError)!.Epoch;
        Assert.Equal(expected, best.Epoch);
        Assert.NotEqual(history.Count - 1, best.Epoch);
        Assert.Equal(states[expected], State(model));
    }

    [Fact]
    public void Restore_BeforeAnyEpoch_SaysTheRule()
    {
        using var model = Models.Mlp();
        using var best = new BestWeights();

        var e = Assert.Throws<InvalidOperationException>(() => best.Restore(model));

        Assert.Equal("weights can be restored after an epoch with an error to go by, but there was none.", e.Message);
    }

    private static double[] State(nn.Module model) =>
        [.. model.state_dict().Values.SelectMany(tensor => tensor.to(ScalarType.Float64).data<double>().ToArray())];
}
