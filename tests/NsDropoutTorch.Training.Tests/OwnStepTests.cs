using NsDropoutTorch.Data;
using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>Steps of one's own: they give what the usual form gives, and all else works with them.</summary>
public sealed class OwnStepTests : IDisposable
{
    private static readonly TrainerOptions Options = new() { Epochs = 3, BatchSize = 16, Seed = 5, Optimizer = parameters => optim.Adam(parameters, 0.01) };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Fit_StepOfTheUsualForm_GivesItsBitsAndHistory(int microBatches)
    {
        using var train = Models.Clouds(90, 1);
        using var validation = Models.Clouds(40, 2);
        var options = Options with { MicroBatches = microBatches, Clipping = new ClipByNorm(1), Penalties = [new("hidden") { WeightL2 = 1e-3 }] };
        using var usual = Models.Mlp(nn.Dropout(0.2));
        using var own = Models.Mlp(nn.Dropout(0.2));

        manual_seed(3);
        var expected = Trainer.Fit(usual, train, validation, options).History;
        manual_seed(3);
        var history = Trainer.Fit(
            own, BatchSource.FromTensors(train.Inputs, train.Labels), rows => Classify(own, rows), options, BatchSource.FromTensors(validation.Inputs, validation.Labels)).History;

        Assert.Equal(Models.Weights(usual), Models.Weights(own));
        Assert.Equal(expected.Select(record => record with { Seconds = 0 }), history.Select(record => record with { Seconds = 0 }));
    }

    [Fact]
    public void Fit_ModelOfTwoInputs_Learns()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (left, right) = (randn(256, 3), randn(256, 2));
        var sums = left.sum(1, keepdim: true) - (2 * right.select(1, 0).unsqueeze(1));
        using var model = new TwoInputs();

        var result = Trainer.Fit(
            model, BatchSource.FromTensors(left, right, sums), rows => nn.functional.mse_loss(model.call(rows[0], rows[1]), rows[2]), Options with { Epochs = 60 });

        Assert.InRange(result.History[0].TrainLoss, 3, 9);
        Assert.InRange(result.History[^1].TrainLoss, 0, 1e-2);
        Assert.True(double.IsNaN(result.History[^1].TrainError));
    }

    [Fact]
    public void Fit_Values_AreMeansOverSamplesInTheHistoryAndCanBeMonitored()
    {
        using var train = Models.Clouds(50, 1);
        using var model = Models.Mlp();
        var (shares, sizes) = (new List<double>(), new List<long>());
        var epochs = new List<EpochRecord>();
        StepResult Step(Tensor[] rows)
        {
            var loss = nn.functional.cross_entropy(model.call(rows[0]), rows[1]);
            var share = rows[1].eq(0).to(ScalarType.Float32).mean();
            if (model.training)
            {
                shares.Add(share.ToDouble());
                sizes.Add(rows[1].size(0));
            }

            return new(loss) { Values = [("share of class 0", share)] };
        }

        var source = BatchSource.FromTensors(train.Inputs, train.Labels);
        var result = Trainer.Fit(
            model, source, Step, Options with { Epochs = 6 }, source,
            [new EarlyStopping(2) { Monitor = MonitoredMetric.SelectionMetric("share of class 0", higherIsBetter: true) }, new CsvLog(Path.Combine(folder.Root, "log.csv"))]);

        var expected = shares.Take(4).Zip(sizes, (share, size) => share * size).Sum() / 50;
        Assert.Equal([16, 16, 16, 2], sizes.Take(4));
        Assert.Equal(expected, result.History[0].TrainMetrics["share of class 0"], 6);
        Assert.Equal(expected, result.History[0].SelectionMetrics["share of class 0"], 6);
        // It is the same in every epoch, so it does not improve.
        Assert.StartsWith("the selection share of class 0 has not improved in 2 epochs; the best was 0.", result.StopReason, StringComparison.Ordinal);
        Assert.EndsWith(",train.share of class 0,selection.share of class 0", File.ReadLines(Path.Combine(folder.Root, "log.csv")).First(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(9)]
    public void Fit_Interrupted_GoesOnToTheSameBits(int iteration)
    {
        var whole = Run("whole", null);

        Assert.Throws<OperationCanceledException>(() => Run("resumed", iteration));

        Assert.Equal(whole, Run("resumed", null));
    }

    [Fact]
    public void Fit_SequenceOfAnyType_ReachesTheStepAsItIs()
    {
        using var model = Models.Mlp();
        var seen = new List<string>();

        var result = Trainer.Fit(
            model, BatchSource.FromSequence(2, epoch => Enumerable.Range(0, 3).Select(number => $"{epoch}.{number}")), text =>
            {
                seen.Add(text);
                return model.call(ones(4, 4)).square().mean();
            }, Options with { Epochs = 2 });

        Assert.Equal(["0.0", "0.1", "1.0", "1.1"], seen);
        Assert.Equal(2, result.History.Count);
    }

    [Fact]
    public void Fit_ModelWithMasks_LearnsThemFromItsPart()
    {
        using var train = Models.Clouds(60, 1);
        using var statistics = Models.Clouds(30, 2);
        using var model = Models.Mlp(nn.NSDropout(16, 3));
        StepResult Step(Tensor[] rows)
        {
            using var labels = LabelScope.Use(rows[1]);
            return nn.functional.cross_entropy(model.call(rows[0]), rows[1]);
        }

        Trainer.Fit(model, BatchSource.FromTensors(train.Inputs, train.Labels), Step, Options, maskStatistics: BatchSource.FromTensors(statistics.Inputs, statistics.Labels));

        var layer = model.modules().OfType<NSDropout>().Single();
        Assert.Equal(3 * 8, layer.class_masks.logical_not().sum().ToInt64());
        Broken.Says(
            "mask statistics must be given for a model with layers that learn from validation activations (NSDropout), but got none; "
            + "take them off the training part by var (fit, statistics) = train.Split(0.2) and pass maskStatistics: statistics, or set TrainingData.MaskStatistics; their labels choose masks, so they are never the part whose error you report.",
            () => Trainer.Fit(model, BatchSource.FromTensors(train.Inputs, train.Labels), Step, Options));
    }

    [Fact]
    public void Fit_OptionsWithoutMeaning_SayTheRule()
    {
        using var model = Models.Mlp();
        using var data = Models.Clouds(20, 1);
        StepResult Step(Tensor[] rows) => Classify(model, rows);

        Broken.Says(
            "Metrics must be empty for a step of one's own, which alone knows outputs and targets; return their means in StepResult.Values.",
            () => Trainer.Fit(model, BatchSource.FromTensors(data.Inputs, data.Labels), Step, Options with { Metrics = [new Accuracy()] }));
        Broken.Says(
            "MicroBatches must be 1 for batches of String, which cannot be cut, but got 2; make smaller batches, or use BatchSource.FromTensors.",
            () => Trainer.Fit(model, BatchSource.FromSequence(1, _ => new[] { "" }), _ => zeros(1), Options with { MicroBatches = 2 }));
        Broken.Says(
            "tensors must be at least one, all on the same device and with one row a sample, but got [20,4] on cpu, [3] on cpu.",
            () => BatchSource.FromTensors(data.Inputs, zeros(3)));
        Broken.Says("count must be at least 1, but got 0.", () => _ = new StepResult(zeros(1)) { Count = 0 });
    }

    private static StepResult Classify(nn.Module<Tensor, Tensor> model, Tensor[] rows)
    {
        var outputs = model.call(rows[0]);
        return new(nn.functional.cross_entropy(outputs, rows[1])) { Errors = outputs.argmax(1).ne(rows[1]).sum() };
    }

    private string Run(string name, int? cancelAt)
    {
        using var data = Models.Clouds(90, 1);
        using var model = Models.Mlp(nn.Dropout(0.2));
        using var cancellation = new CancellationTokenSource();
        var source = BatchSource.FromTensors(data.Inputs, data.Labels);
        var run = Path.Combine(folder.Root, name);
        manual_seed(3);
        var result = Trainer.Fit(
            model, source, rows => Classify(model, rows) with { Values = [("norm", rows[0].norm())] }, Options with { ResumeFrom = run }, source,
            [
                new ModelCheckpoint(run) { EverySteps = 1 },
                new Recorder
                {
                    StepEnd = context =>
                    {
                        if (context.Iteration == cancelAt) cancellation.Cancel();
                    },
                },
            ],
            cancellationToken: cancellation.Token);
        return $"{string.Join(' ', Models.Weights(model))}\n{string.Join('\n', result.History.Select(record => record with { Seconds = 0 }))}";
    }

    private sealed class TwoInputs : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly Linear left = nn.Linear(3, 1);
        private readonly Linear right = nn.Linear(2, 1);

        public TwoInputs()
            : base(nameof(TwoInputs)) => RegisterComponents();

        public override Tensor forward(Tensor first, Tensor second) => left.call(first) + right.call(second);
    }
}
