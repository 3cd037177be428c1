using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class PenaltyTests
{
    [Fact]
    public void Sum_AllFactors_IsTheSumOverWeightsAndBiasesApart()
    {
        using var model = Models.Mlp();
        var penalty = new LayerPenalty("hidden") { WeightL1 = 0.1, WeightL2 = 0.2, BiasL1 = 0.3, BiasL2 = 0.4 };

        using var sum = PenaltyTerm.Sum(PenaltyTerm.Resolve(model, [penalty]));

        var hidden = (Linear)model.named_children().First(child => child.name == "hidden").module;
        var expected = Oracle(hidden.weight, 0.1, 0.2) + Oracle(hidden.bias!, 0.3, 0.4);
        Assert.Equal(expected, sum!.ToDouble(), expected * 1e-6);
    }

    [Fact]
    public void Sum_Gradient_IsTwiceL2TimesTheWeightPlusL1TimesItsSign()
    {
        using var model = Models.Mlp();
        var parameters = model.named_parameters().ToDictionary(p => p.name, p => p.parameter, StringComparer.Ordinal);

        using var sum = PenaltyTerm.Sum(PenaltyTerm.Resolve(model, [new("output") { WeightL1 = 0.5, WeightL2 = 0.25 }]));
        sum!.backward();

        var weight = parameters["output.weight"].data<float>().ToArray();
        using var grad = parameters["output.weight"].grad!;
        Assert.Equal(weight.Select(w => (2 * 0.25f * w) + (0.5f * MathF.Sign(w))), grad.data<float>().ToArray(), new Near(1e-6f));
        Assert.Null(parameters["output.bias"].grad);
        Assert.Null(parameters["hidden.weight"].grad);
    }

    [Fact]
    public void Fit_OnlyPenalty_ShrinksTheWeightsByHand()
    {
        using var data = Models.Clouds(8, 1);
        using var model = Models.Mlp();
        var before = Models.Weights(model);
        var nothing = new Objective((outputs, _) => outputs.sum() * 0, (_, _) => zeros([], dtype: ScalarType.Int64));

        var result = Trainer.Fit(model, data, null, new TrainerOptions
        {
            Epochs = 1,
            BatchSize = null,
            Objective = nothing,
            Optimizer = parameters => optim.SGD(parameters, 0.1),
            Penalties = [new("hidden") { WeightL2 = 0.5, BiasL2 = 0.5 }, new("output") { WeightL2 = 0.5, BiasL2 = 0.5 }],
        });

        // w − 0.1 · 2 · 0.5 · w
        Assert.Equal(before.Select(w => 0.9f * w), Models.Weights(model), new Near(1e-6f));
        Assert.Equal(0, result.History[0].TrainLoss);
        Assert.Equal(before.Sum(w => 0.5 * w * w), result.History[0].PenaltyLoss, 5);
    }

    [Fact]
    public void Sum_NoPenalties_IsNull()
    {
        using var model = Models.Mlp();

        Assert.Null(PenaltyTerm.Sum(PenaltyTerm.Resolve(model, [new("hidden")])));
        Assert.Null(PenaltyTerm.Sum([]));
    }

    [Fact]
    public void Resolve_UnknownLayer_NamesThoseThereAre()
    {
        using var model = Models.Mlp();

        var e = Assert.Throws<ArgumentException>(() => PenaltyTerm.Resolve(model, [new("hiden") { WeightL2 = 1 }]));

        Assert.Equal("penalties must name layers that have parameters (hidden, output), but got 'hiden'.", e.Message);
    }

    [Fact]
    public void LayerPenalty_NegativeFactor_SaysTheRule()
    {
        var e = Assert.Throws<ArgumentException>(() => new LayerPenalty("hidden") { BiasL2 = -1 });

        Assert.Equal("bias L2 must be a finite number of at least 0, but got -1.", e.Message);
    }

    private static double Oracle(Tensor parameter, double l1, double l2)
    {
        var sum = 0.0;
        foreach (var value in parameter.data<float>().ToArray())
        {
            sum += (l1 * Math.Abs(value)) + (l2 * value * value);
        }

        return sum;
    }
}
