using NsDropoutTorch.Data;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class StopOnNonFiniteTests
{
    private static readonly TrainerOptions Options = new() { Epochs = 6, BatchSize = 16 };

    [Theory]
    [InlineData(false, double.NaN, "NaN", 3)]
    [InlineData(true, double.NaN, "NaN", 2)]
    [InlineData(false, double.PositiveInfinity, "Infinity", 3)]
    [InlineData(true, double.NegativeInfinity, "-Infinity", 2)]
    public void Fit_LossNotFinite_NamesTheFirstEpochAndBatch(bool everyStep, double bad, string name, int epochs)
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();
        var calls = 0;

        // Four batches an epoch: the eleventh call is batch 3 of epoch 3. All later ones are bad, too.
        var options = Options with { Objective = Spoilt(() => ++calls >= 11 ? bad : 0) };
        var result = Trainer.Fit(model, data, null, options, [new StopOnNonFinite { EveryStep = everyStep }]);

        Assert.Equal($"the loss must stay finite, but got {name} in epoch 3/6, batch 3/4", result.StopReason);
        Assert.Equal(epochs, result.History.Count);
        Assert.Equal(everyStep ? 11 : 12, calls);
    }

    [Fact]
    public void Fit_PenaltyNotFinite_IsFound()
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();
        var options = Options with { Penalties = [new("hidden") { WeightL2 = 1e300 }] };

        var result = Trainer.Fit(model, data, null, options, [new StopOnNonFinite()]);

        Assert.Equal("the loss must stay finite, but got Infinity in epoch 1/6, batch 1/4", result.StopReason);
    }

    [Fact]
    public void Fit_OnlySelectionNotFinite_IsFound()
    {
        using var data = Models.Clouds(64, 1);
        using var inputs = full([8, 4], float.NaN);
        using var selection = new TensorData(inputs, zeros([8], dtype: ScalarType.Int64));
        using var model = Models.Mlp();

        var result = Trainer.Fit(model, data, selection, Options, [new StopOnNonFinite()]);

        Assert.Equal("the selection loss must stay finite, but got NaN after epoch 1/6", result.StopReason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_Healthy_RunsToTheEnd(bool everyStep)
    {
        using var data = Models.Clouds(60, 1);
        using var model = Models.Mlp();

        var result = Trainer.Fit(model, data, data, Options, [new StopOnNonFinite { EveryStep = everyStep }]);

        Assert.Null(result.StopReason);
        Assert.Equal(6, result.History.Count);
    }

    private static Objective Spoilt(Func<double> add) => Objective.Classification with
    {
        Loss = (outputs, labels) => nn.functional.cross_entropy(outputs, labels) + add(),
    };
}
