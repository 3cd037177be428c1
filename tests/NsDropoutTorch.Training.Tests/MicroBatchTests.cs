using NsDropoutTorch.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class MicroBatchTests
{
    private static readonly TrainerOptions Options = new()
    {
        Epochs = 3,
        BatchSize = 32,
        Optimizer = parameters => optim.SGD(parameters, 0.3, momentum: 0.9),
        Penalties = [new("hidden") { WeightL2 = 0.01, WeightL1 = 0.001 }],
    };

    // 100 samples: the last batch has 4, which 7 pieces cut into single samples.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public void Fit_InMicroBatches_IsTheFitOfTheWholeBatches(int microBatches)
    {
        var (whole, history) = Fit(1);
        var (pieces, historyOfPieces) = Fit(microBatches);

        // Double precision: only the order of the sums differs.
        Assert.All(whole.Zip(pieces), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        foreach (var (a, b) in history.Zip(historyOfPieces))
        {
            Assert.Equal(a.TrainLoss, b.TrainLoss, 1e-12);
            Assert.Equal(a.PenaltyLoss, b.PenaltyLoss, 1e-12);
            Assert.Equal(a.TrainError, b.TrainError);
        }
    }

    [Fact]
    public void Fit_InMicroBatches_StepsOncePerBatchAndTellsItsLoss()
    {
        using var data = Models.Clouds(100, 1);
        using var model = Models.Mlp();
        using var same = Models.Mlp();
        var (whole, pieces) = (new List<float>(), new List<float>());

        Trainer.Fit(same, data, null, Options, [new Recorder { StepEnd = context => whole.Add(context.Loss!.ToSingle()) }]);
        Trainer.Fit(model, data, null, Options with { MicroBatches = 5 }, [new Recorder { StepEnd = context => pieces.Add(context.Loss!.ToSingle()) }]);

        Assert.Equal(12, pieces.Count);
        Assert.Equal(whole, pieces, new Near(1e-5f));
    }

    [Fact]
    public void Fit_InMicroBatches_ShowsTheModelThePiecesWithTheirLabels()
    {
        using var data = Models.Clouds(10, 1);
        using var model = new Spy();

        Trainer.Fit(model, data, null, new TrainerOptions { Epochs = 1, BatchSize = null, MicroBatches = 4 });

        Assert.Equal([3, 3, 3, 1], model.Rows);
        Assert.Equal(data.Labels.data<long>().ToArray(), model.Labels);
    }

    [Fact]
    public void MicroBatches_Zero_SaysTheRule() =>
        Broken.Says("micro-batches must be at least 1, but got 0.", () => _ = new TrainerOptions { MicroBatches = 0 });

    private static (double[] Weights, IReadOnlyList<EpochRecord> History) Fit(int microBatches)
    {
        using var clouds = Models.Clouds(100, 1);
        using var data = new TensorData(clouds.Inputs.to(ScalarType.Float64), clouds.Labels.alias());
        using var model = Models.Mlp().to(ScalarType.Float64);
        var history = Trainer.Fit(model, data, null, Options with { MicroBatches = microBatches }).History;
        return ([.. model.parameters().SelectMany(parameter => parameter.data<double>().ToArray())], history);
    }

    private sealed class Spy : nn.Module<Tensor, Tensor>, IReadsLabels
    {
        private readonly nn.Module<Tensor, Tensor> inner = nn.Linear(4, 3);

        public bool UsesLabels => true;

        public Spy()
            : base(nameof(Spy)) => RegisterComponents();

        public List<long> Rows { get; } = [];

        public List<long> Labels { get; } = [];

        public override Tensor forward(Tensor input)
        {
            Rows.Add(input.shape[0]);
            Labels.AddRange(LabelScope.Current!.For(input.shape[0], 3, CPU).data<long>().ToArray());
            return inner.call(input);
        }
    }
}
