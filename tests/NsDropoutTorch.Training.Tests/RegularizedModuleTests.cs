using NsDropoutTorch.Dropouts;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>Modules that bring a term to the loss, and those of them that learn their drop rate, under the trainer.</summary>
public sealed class RegularizedModuleTests
{
    private static readonly Objective Nothing = new((outputs, _) => outputs.sum() * 0, (_, _) => zeros([], dtype: ScalarType.Int64));

    [Fact]
    public void Sum_PenaltyAndTwoModules_AddsAllThree()
    {
        using var shared = new Constant(0.25);
        using var model = nn.Sequential(("hidden", nn.Linear(2, 2, hasBias: false)), ("a", shared), ("b", nn.Sequential(shared)), ("c", new Constant(4)));
        var weight = (Parameter)model.parameters().First();

        using var sum = AddedLoss.Of(model, [new("hidden") { WeightL2 = 1 }]).Sum();

        Assert.Equal(weight.data<float>().ToArray().Sum(w => w * w) + 4.25, sum!.ToDouble(), 5);
    }

    [Fact]
    public void Sum_ModelThatIsItselfSuchAModule_IsItsTerm()
    {
        using var model = new Constant(3);

        using var sum = AddedLoss.Of(model, []).Sum();

        Assert.Equal(3, sum!.ToDouble());
    }

    [Fact]
    public void Sum_NothingToAdd_IsNull()
    {
        using var model = Models.Mlp();

        Assert.Null(AddedLoss.Of(model, []).Sum());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Fit_OnlyTheTermOfAModule_StepsAlongItsGradientByHand(int pieces)
    {
        using var data = Models.Clouds(12, 1);
        using var layer = nn.ConcreteDropout(16, 0.2, new ConcreteDropoutOptions { DropoutRegularizer = 0.05 });
        using var model = Models.Mlp(layer);

        var result = Trainer.Fit(model, data, null, new TrainerOptions
        {
            Epochs = 1,
            BatchSize = null,
            MicroBatches = pieces,
            Objective = Nothing,
            Optimizer = parameters => optim.SGD(parameters, 2),
        });

        // d(−λ·F·H)/dl = λ·F·l·p·(1−p)
        var logit = Math.Log(0.2 / 0.8);
        var expected = logit - (2 * 0.05 * 16 * logit * 0.2 * 0.8);
        Assert.Equal(1 / (1 + Math.Exp(-expected)), layer.p, 6);
        Assert.Equal(layer.p, result.History[0].LearnedRates["layer"]);
        Assert.Equal(-0.05 * 16 * ((-0.2 * Math.Log(0.2)) - (0.8 * Math.Log(0.8))), result.History[0].PenaltyLoss, 6);
    }

    /// <summary>
    /// The learned rate is the task's and not the start's: 64 points of overlapping clouds, and the paper's factors for their number and a length scale of √0.2.
    /// </summary>
    [Fact]
    public void Fit_ConcreteDropout_ComesToTheSameRateFromTwoStarts()
    {
        var (low, high) = (RateFrom(0.1), RateFrom(0.5));

        Assert.InRange(high - low, -0.1, 0.1);
        Assert.InRange(low, 0.15, 0.3);
        Assert.InRange(high, 0.15, 0.3);
    }

    [Fact]
    public void Fit_AThousandSteps_KeepsTheCountOfLiveTensors()
    {
        using var data = Models.Clouds(160, 1);
        var output = nn.Linear(16, 3);
        using var model = nn.Sequential(
            nn.DropConnectLinear(4, 16), nn.ReLU(), nn.VariationalDropout(16), nn.ConcreteDropout(16, options: new ConcreteDropoutOptions { Next = output }), output);
        var counts = new Dictionary<long, long>();
        var recorder = new Recorder { StepEnd = context => counts[context.Iteration] = DisposeScopeManager.Statistics.ThreadTotalLiveCount };

        Trainer.Fit(model, data, data, new TrainerOptions { Epochs = 100, BatchSize = 16 }, [recorder]);

        Assert.Equal(counts[10], counts[1_000]);
    }

    private static double RateFrom(double p)
    {
        using var data = Models.Clouds(64, 1);
        manual_seed(1);
        var output = nn.Linear(16, 3);
        var options = new ConcreteDropoutOptions { Next = output, DropoutRegularizer = 1 / 64.0, WeightRegularizer = 0.1 / 64 };
        using var model = nn.Sequential(("hidden", nn.Linear(4, 16)), ("relu", nn.ReLU()), ("layer", nn.ConcreteDropout(16, p, options)), ("output", output));
        var training = new TrainerOptions { Epochs = 400, BatchSize = null, Optimizer = parameters => optim.Adam(parameters, 0.03) };

        return Trainer.Fit(model, data, null, training).History[^1].LearnedRates["layer"];
    }

    private sealed class Constant(double term) : nn.Module<Tensor, Tensor>(nameof(Constant)), IRegularized
    {
        public override Tensor forward(Tensor input) => input.alias();

        public Tensor Regularization() => tensor(term);
    }
}
