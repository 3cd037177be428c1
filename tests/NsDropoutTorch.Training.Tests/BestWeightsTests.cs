using NsDropoutTorch.Data;
using NsDropoutTorch.Training.Callbacks;
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
    public void Fit_BestWeightsOfAnEarlierRun_AreNotPutIntoTheSecondModel()
    {
        using var easy = Models.Clouds(64, 1);
        using var hard = new TensorData(easy.Inputs.flip(0), easy.Labels.alias());
        var stopping = new EarlyStopping(100, restoreBest: true);
        var options = new TrainerOptions { Epochs = 5, BatchSize = 16, Optimizer = p => optim.Adam(p, 0.05) };
        using var first = Models.Mlp(seed: 1);
        using var second = Models.Mlp(seed: 2);
        using var alone = Models.Mlp(seed: 2);

        Trainer.Fit(first, easy, easy, options, [stopping]);
        var history = Trainer.Fit(second, hard, hard, options, [stopping]).History;
        Trainer.Fit(alone, hard, hard, options, [new EarlyStopping(100, restoreBest: true)]);

        Assert.Equal(history.Min(record => record.SelectionError)!.Value, Trainer.Evaluate(second, hard).Error);
        Assert.Equal(Models.Weights(alone), Models.Weights(second));
    }

    [Fact]
    public void Restore_BeforeAnyEpoch_SaysTheRule()
    {
        using var model = Models.Mlp();
        using var best = new BestWeights();

        var e = Assert.Throws<InvalidOperationException>(() => best.Restore(model));

        Assert.Equal("an epoch must have had a figure before weights can be restored, but none had; give a validation set, or call Consider.", e.Message);
    }

    private static double[] State(nn.Module model) =>
        [.. model.state_dict().Values.SelectMany(tensor => tensor.to(ScalarType.Float64).data<double>().ToArray())];
}
