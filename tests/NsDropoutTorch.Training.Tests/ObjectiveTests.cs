using NsDropoutTorch.Data;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>Targets of every kind: each objective against sums written out, and what the trainer makes of it.</summary>
public sealed class ObjectiveTests : IDisposable
{
    private const long Padding = -100;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Regression_Losses_AreTheMeansOfTheirFormulas()
    {
        using var scope = NewDisposeScope();
        var (outputs, targets) = (tensor(new[] { 0.5f, 2, -1, 4 }, [4, 1]), tensor(new[] { 0, 2.5f, 1, 1 }, [4, 1]));

        Assert.Equal((0.25 + 0.25 + 4 + 9) / 4, Objective.Regression.Loss(outputs, targets).ToDouble(), 6);
        Assert.Equal((0.5 + 0.5 + 2 + 3) / 4, Objective.AbsoluteRegression.Loss(outputs, targets).ToDouble(), 6);
        Assert.Equal((0.125 + 0.125 + 1.5 + 2.5) / 4, Objective.HuberRegression().Loss(outputs, targets).ToDouble(), 6);
        Assert.Null(Objective.Regression.CountErrors);
    }

    [Fact]
    public void Regression_OutputsOfAnotherShape_AreRefusedAndNotSpread()
    {
        using var scope = NewDisposeScope();
        Broken.Says(
            "outputs and targets must have the same shape, but got [3, 1] and [3]; add the dimension to the targets by unsqueeze(1), or take it off the outputs by a last nn.Flatten(0).",
            () => Objective.Regression.Loss(zeros(3, 1), zeros(3)));
    }

    [Fact]
    public void Binary_LabelsOfSeveralKinds_CountEach()
    {
        using var scope = NewDisposeScope();
        var (logits, targets) = (tensor(new[] { 2f, -1, 0.5f, -3, 1, 1 }, [2, 3]), tensor(new long[] { 1, 1, 0, 0, 1, 0 }, [2, 3]));
        double Term(double logit, long target) => Math.Log(1 + Math.Exp(target == 1 ? -logit : logit));

        Assert.Equal((Term(2, 1) + Term(-1, 1) + Term(0.5, 0) + Term(-3, 0) + Term(1, 1) + Term(1, 0)) / 6, Objective.Binary.Loss(logits, targets).ToDouble(), 6);
        Assert.Equal(3, Objective.Binary.CountErrors!(logits, targets).ToInt64());
        Assert.Equal(6, Objective.Binary.CountTargets!(targets).ToInt64());
    }

    [Fact]
    public void TokenClassification_Padding_CountsNowhere()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (logits, targets) = (randn(2, 3, 5), tensor(new[] { 1, 4, Padding, 0, Padding, Padding }, [2, 3]));
        var kept = cat([logits[0].narrow(0, 0, 2), logits[1].narrow(0, 0, 1)]);
        var objective = Objective.TokenClassification(Padding);

        Assert.Equal(nn.functional.cross_entropy(kept, tensor(new long[] { 1, 4, 0 })).ToDouble(), objective.Loss(logits, targets).ToDouble(), 6);
        Assert.Equal(kept.argmax(1).ne(tensor(new long[] { 1, 4, 0 })).sum().ToInt64(), objective.CountErrors!(logits, targets).ToInt64());
        Assert.Equal(3, objective.CountTargets!(targets).ToInt64());
        Assert.Equal(0, objective.Loss(logits, full(2, 3, Padding, ScalarType.Int64)).ToDouble());
    }

    [Fact]
    public void PixelClassification_IsThatOfThePixelsOneByOne()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (logits, targets) = (randn(2, 4, 3, 3), randint(0, 4, [2, 3, 3], ScalarType.Int64));
        targets[0, 0, 0] = Padding;
        var flat = (logits.permute(0, 2, 3, 1).reshape(18, 4).narrow(0, 1, 17), targets.reshape(18).narrow(0, 1, 17));
        var objective = Objective.PixelClassification();

        Assert.Equal(nn.functional.cross_entropy(flat.Item1, flat.Item2).ToDouble(), objective.Loss(logits, targets).ToDouble(), 6);
        Assert.Equal(Objective.Classification.CountErrors!(flat.Item1, flat.Item2).ToInt64(), objective.CountErrors!(logits, targets).ToInt64());
    }

    [Fact]
    public void Fit_Regression_LearnsALineAndIsJudgedByItsLoss()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var x = randn(256, 2);
        using var all = new TensorData(x, x.mm(tensor(new[] { 2f, -3 }, [2, 1])) + 1);
        var (train, validation) = all.Split(0.25, seed: 1);
        using var model = nn.Sequential(("only", nn.Linear(2, 1)));
        using var best = new BestWeights();
        var csv = Path.Combine(folder.Root, "log.jsonl");
        var options = new TrainerOptions { Epochs = 60, BatchSize = 32, Objective = Objective.Regression, Optimizer = parameters => optim.Adam(parameters, 0.05) };

        var result = Trainer.Fit(model, train, validation, options, [best, new EarlyStopping(20), new ModelCheckpoint(folder.Root), new JsonLinesLog(csv)]);

        Assert.Equal([192L, 64L], new[] { train.Count, validation.Count });
        Assert.Equal([2f, -3], model.parameters().First().data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 0.05);
        var evaluation = Trainer.Evaluate(model, validation, Objective.Regression);
        Assert.Equal(double.NaN, evaluation.Error);
        Assert.InRange(evaluation.Loss, 0, 0.01);
        Assert.All(result.History, record => Assert.True(double.IsNaN(record.TrainError) && record.SelectionError is null));
        Assert.Equal(result.History.MinBy(record => record.SelectionLoss)!.Epoch, result.BestEpoch);
        Assert.Equal(result.BestEpoch, best.Epoch);
        Assert.True(File.Exists(Path.Combine(folder.Root, "best.ckpt")));
        Assert.Contains("\"trainError\":null,", File.ReadLines(csv).First(), StringComparison.Ordinal);
        Assert.Matches(@"^60 epochs in [0-9.]+ s; loss of the last in training [0-9.E-]+, on the selection part [0-9.E-]+, lowest [0-9.E-]+ at epoch [0-9]+\.$", result.ToString());
    }

    [Fact]
    public void Fit_TokensWithPadding_GivesTheGradientsOfTheWholeInPiecesToo()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var (words, targets) = (randint(0, 20, [12, 5], ScalarType.Int64), randint(0, 3, [12, 5], ScalarType.Int64));
        targets.narrow(0, 0, 6).narrow(1, 1, 4).fill_(Padding);
        using var data = new TensorData(words, targets);

        float[] Weights(int microBatches)
        {
            manual_seed(3);
            using var model = nn.Sequential(("words", nn.Embedding(20, 8)), ("scores", nn.Linear(8, 3)));
            var options = new TrainerOptions
            {
                Epochs = 1, BatchSize = null, MicroBatches = microBatches, Objective = Objective.TokenClassification(Padding), Optimizer = parameters => optim.SGD(parameters, 1),
            };
            var result = Trainer.Fit(model, data, data, options);
            Assert.InRange(result.History[0].TrainError, 0.2, 1);
            return [.. model.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];
        }

        Assert.Equal(Weights(1), Weights(4), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Fit_ModelThatReadsNoLabels_HasNoScopeAroundIt()
    {
        using var scope = NewDisposeScope();
        using var data = new TensorData(randn(8, 2), randn(8, 1));
        using var probe = new Probe();
        using var model = nn.Sequential(("probe", probe), ("only", nn.Linear(2, 1)));

        Trainer.Fit(model, data, data, new TrainerOptions { Epochs = 1, Objective = Objective.Regression });

        Assert.Equal([false, false], probe.Seen);
    }

    private sealed class Probe() : nn.Module<Tensor, Tensor>(nameof(Probe))
    {
        public List<bool> Seen { get; } = [];

        public override Tensor forward(Tensor input)
        {
            Seen.Add(LabelScope.Current is not null);
            return input.alias();
        }
    }
}
