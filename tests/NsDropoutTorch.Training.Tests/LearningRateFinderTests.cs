using NsDropoutTorch.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class LearningRateFinderTests
{
    [Fact]
    public void Run_PutsModelModesAndRandomStateBack()
    {
        using var data = Models.Clouds(90, 1);
        using var model = Models.Mlp(nn.Sequential(nn.BatchNorm1d(16), nn.Dropout(0.2)));
        model.eval();
        var before = State(model);
        LearningRateFinder.Run(model, data, new TrainerOptions { BatchSize = 16 }); // Makes the gradients, which stay.
        using var random = get_rng_state();
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        LearningRateFinder.Run(model, data, new TrainerOptions { BatchSize = 16 });

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(before, State(model));
        Assert.False(model.training);
        using (var after = get_rng_state())
        {
            Assert.Equal(random.data<byte>().ToArray(), after.data<byte>().ToArray());
        }

    }

    // SGD on ½·w² with the rate r takes w to (1 − r)·w: the loss falls fastest near r = 1 and grows beyond 2.
    [Fact]
    public void Run_Parabola_SuggestsARateOnTheFallAndEndsAtDivergence()
    {
        using var model = nn.Linear(1, 1, hasBias: false);
        using (no_grad())
        {
            model.weight!.fill_(1);
        }

        using var inputs = ones(4, 1);
        var batches = BatchSource.FromTensors(inputs);

        var curve = LearningRateFinder.Run(
            model, batches, batch => model.call(batch[0]).square().mean() / 2,
            new TrainerOptions { Optimizer = parameters => optim.SGD(parameters, 0.1), BatchSize = 4 }, lowest: 1e-4, highest: 100, steps: 200);

        Assert.InRange(curve.Suggestion!.Value, 0.005, 1);
        Assert.InRange(curve.Rates[^1], 2, 50);
        Assert.True(curve.Losses.Min() < 0.01);
        Assert.Equal(1, model.weight!.item<float>());
        Assert.Contains("suggested learning rate 0.", curve.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_RatesRiseByAConstantFactorFromTheLowestToTheHighest()
    {
        using var data = Models.Clouds(32, 1);
        using var model = Models.Mlp();

        var curve = LearningRateFinder.Run(model, data, new TrainerOptions { BatchSize = 16 }, lowest: 1e-6, highest: 1e-3, steps: 31);

        Assert.Equal(31, curve.Rates.Count);
        Assert.All(curve.Rates.Index(), pair => Assert.Equal(1e-6 * Math.Pow(10, pair.Index / 10d), pair.Item, 1e-9));
    }

    [Fact]
    public void Run_BadRange_IsRefused()
    {
        using var data = Models.Clouds(32, 1);
        using var model = Models.Mlp();
        Broken.Says("the highest rate must be above the lowest, 0.1, but got 0.1.", () => LearningRateFinder.Run(model, data, new TrainerOptions(), 0.1, 0.1));
        Broken.Says("steps must be at least 20, but got 19.", () => LearningRateFinder.Run(model, data, new TrainerOptions(), steps: 19));
        Broken.Says("lowest rate must be a finite number above 0, but got 0.", () => LearningRateFinder.Run(model, data, new TrainerOptions(), 0));
    }

    private static float[] State(nn.Module model) =>
        [.. model.state_dict().Values.SelectMany(tensor => tensor.to(ScalarType.Float32).data<float>().ToArray())];
}
