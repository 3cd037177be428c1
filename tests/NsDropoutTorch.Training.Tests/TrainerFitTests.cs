using NsDropoutTorch.Data;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class TrainerFitTests
{
    private static readonly TrainerOptions Options = new()
    {
        Epochs = 4,
        BatchSize = 32,
        Seed = 3,
        Optimizer = parameters => optim.Adam(parameters, 0.01),
    };

    [Fact]
    public void Fit_SeparableClouds_LearnsThem()
    {
        using var train = Models.Clouds(600, 1);
        using var validation = Models.Clouds(300, 2);
        using var model = Models.Mlp();
        var before = Trainer.Evaluate(model, validation);

        var result = Trainer.Fit(model, train, validation, Options with { Epochs = 20 });

        Assert.True(before.Error > 0.4, $"error before training: {before.Error}");
        Assert.True(result.History[^1].SelectionError < 0.25, $"error after training: {result.History[^1].SelectionError}");
    }

    [Fact]
    public void Fit_ByHandWrittenLoop_GivesTheSameBits()
    {
        using var train = Models.Clouds(100, 1);
        using var trained = Models.Mlp();
        using var byHand = Models.Mlp();

        Trainer.Fit(trained, train, null, Options);

        using var optimizer = optim.Adam(byHand.parameters(), 0.01);
        for (var epoch = 0; epoch < Options.Epochs; epoch++)
        {
            foreach (var rows in Permutation.Of(100, Options.Seed, epoch).Chunk(32))
            {
                using var scope = NewDisposeScope();
                var index = tensor(rows);
                optimizer.zero_grad();
                nn.functional.cross_entropy(byHand.call(train.Inputs.index_select(0, index)), train.Labels.index_select(0, index)).backward();
                optimizer.step();
            }
        }

        Assert.Equal(Models.Weights(byHand), Models.Weights(trained));
    }

    [Fact]
    public void Fit_SameSeedTwice_GivesTheSameBitsAndHistory()
    {
        var (weights, history) = FitOnce(nn.Dropout(0.5));
        var (again, historyAgain) = FitOnce(nn.Dropout(0.5));

        Assert.Equal(weights, again);
        Assert.Equal(history, historyAgain);
    }

    [Fact]
    public void Fit_OtherSeedOfTheOrder_GivesOtherBits()
    {
        var (weights, _) = FitOnce(null);
        var (other, _) = FitOnce(null, Options with { Seed = 4 });

        Assert.NotEqual(weights, other);
    }

    [Fact]
    public void Fit_WithCallbacksListening_GivesTheSameBits()
    {
        var (weights, _) = FitOnce(nn.Dropout(0.5));
        using var best = new BestWeights();
        var (watched, _) = FitOnce(nn.Dropout(0.5), Options, best, new Recorder());

        Assert.Equal(weights, watched);
    }

    [Fact]
    public void Fit_History_HoldsOneRecordPerEpochAsEvaluateMeasures()
    {
        using var train = Models.Clouds(100, 1);
        using var validation = Models.Clouds(50, 2);
        using var model = Models.Mlp();

        var result = Trainer.Fit(model, train, validation, Options);

        Assert.Equal([0, 1, 2, 3], result.History.Select(record => record.Epoch));
        Assert.Null(result.StopReason);
        var last = Trainer.Evaluate(model, validation);
        Assert.Equal(last.Loss, result.History[^1].SelectionLoss);
        Assert.Equal(last.Error, result.History[^1].SelectionError);
        Assert.All(result.History, record => Assert.Equal(0.01, record.LearningRate));
        Assert.All(result.History, record => Assert.True(record.Seconds > 0));
    }

    [Fact]
    public void Fit_TrainLoss_IsTheMeanOverSamplesWhileTraining()
    {
        using var train = Models.Clouds(100, 1);
        using var model = Models.Mlp();
        // With a rate of 0 the weights stand still, so the epoch's mean is that of one evaluation, whatever the batches' sizes.
        var frozen = Options with { Epochs = 1, BatchSize = 33, Optimizer = parameters => optim.SGD(parameters, 0) };

        var record = Trainer.Fit(model, train, null, frozen).History[0];

        var whole = Trainer.Evaluate(model, train);
        Assert.Equal(whole.Loss, record.TrainLoss, 6);
        Assert.Equal(whole.Error, record.TrainError);
        Assert.Equal(0, record.PenaltyLoss);
        Assert.Null(record.SelectionLoss);
        Assert.Null(record.SelectionError);
    }

    [Fact]
    public void Fit_InverseTimeDecay_SetsTheRateOfEachStep()
    {
        using var train = Models.Clouds(100, 1);
        using var model = Models.Mlp();
        var rates = new List<double>();

        var result = Trainer.Fit(
            model, train, null, Options with { Epochs = 2, Schedule = new InverseTimeDecay(0.5) },
            [new Recorder { StepEnd = context => rates.Add(context.LearningRate) }]);

        Assert.Equal(Enumerable.Range(0, 8).Select(iteration => 0.01 * (1 / (1 + (0.5 * iteration)))), rates);
        Assert.Equal(rates[3], result.History[0].LearningRate);
        Assert.Equal(rates[7], result.History[1].LearningRate);
    }

    [Fact]
    public void Fit_OwnObjective_IsMinimisedAndCounted()
    {
        using var train = Models.Clouds(64, 1);
        using var model = Models.Mlp();
        var objective = new Objective(
            (outputs, labels) => (outputs - nn.functional.one_hot(labels, 3)).square().mean(),
            (outputs, _) => (outputs.abs() < -1).any().to(ScalarType.Int64));

        var result = Trainer.Fit(model, train, train, Options with { Objective = objective, Epochs = 10 });

        Assert.True(result.History[^1].SelectionLoss < 0.5 * result.History[0].TrainLoss);
        Assert.All(result.History, record => Assert.Equal(0, record.TrainError));
    }

    [Fact]
    public void Fit_Seconds_AreThoseOfTrainingWithoutCallbacks()
    {
        using var train = Models.Clouds(100, 1);
        using var model = Models.Mlp();

        var result = Trainer.Fit(
            model, train, null, Options with { Epochs = 1 }, [new Recorder { StepEnd = context => Thread.Sleep(context.Iteration < 3 ? 500 : 0) }]);

        Assert.InRange(result.History[0].Seconds, double.Epsilon, 0.8);
    }

    [Fact]
    public void BestEpoch_EqualErrors_IsTheFirst()
    {
        EpochRecord Record(int epoch, double? error) => new(epoch, 0, 0, 0, error is null ? null : 0, error, 0, 1);

        Assert.Equal(1, new FitResult([Record(0, 0.5), Record(1, 0.2), Record(2, 0.2), Record(3, 0.3)], null).BestEpoch);
        Assert.Equal(1, new FitResult([Record(0, double.NaN), Record(1, 0.2)], null).BestEpoch);
        Assert.Null(new FitResult([Record(0, null)], null).BestEpoch);
    }

    private static (float[] Weights, EpochRecord[] History) FitOnce(
        nn.Module<Tensor, Tensor>? layer, TrainerOptions? options = null, params Callback[] callbacks)
    {
        using var train = Models.Clouds(100, 1);
        using var validation = Models.Clouds(50, 2);
        using var model = Models.Mlp(layer);
        var result = Trainer.Fit(model, train, validation, options ?? Options, callbacks);
        return (Models.Weights(model), [.. result.History.Select(record => record with { Seconds = 0 })]);
    }
}
