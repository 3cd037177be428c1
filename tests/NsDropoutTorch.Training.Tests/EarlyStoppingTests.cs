using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class EarlyStoppingTests
{
    private static readonly TrainerOptions Options = new() { Epochs = 200, BatchSize = 16, Optimizer = p => optim.Adam(p, 0.2) };

    [Fact]
    public void Fit_NoImprovementForPatienceEpochs_StopsAndNamesTheBest()
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();

        var result = Trainer.Fit(model, data, data, Options, [new EarlyStopping(4)]);

        var errors = result.History.Select(record => record.SelectionError!.Value).ToArray();
        var best = Array.IndexOf(errors, errors.Min());
        Assert.Equal(best + 5, errors.Length);
        Assert.Equal(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the selection error has not improved in 4 epochs; the best was {errors[best]:G6} in epoch {best + 1}"),
            result.StopReason);
    }

    [Fact]
    public void Fit_FirstEpoch_CountsAndKeepsNothingBeforeIt()
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();
        // The lowest error of all comes before the first epoch that is looked at.
        var errors = Trainer.Fit(model, data, data, Options, [new EarlyStopping(4)]).History.Select(record => record.SelectionError!.Value).ToArray();
        var first = Array.IndexOf(errors, errors.Min()) + 1;
        using var again = Models.Mlp();

        var result = Trainer.Fit(again, data, data, Options, [new EarlyStopping(4, restoreBest: true) { FirstEpoch = first }]);

        var looked = result.History.Skip(first).Select(record => record.SelectionError!.Value).ToArray();
        Assert.Equal(Array.IndexOf(looked, looked.Min()) + 5, looked.Length);
        Assert.Equal(looked.Min(), Trainer.Evaluate(again, data).Error);
        Assert.Equal("first epoch must be at least 0, but got -1.", Assert.Throws<ArgumentException>(() => new EarlyStopping(4) { FirstEpoch = -1 }).Message);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(0.15, 2)]
    [InlineData(10, 0)]
    public void Descent_MinDelta_CountsOnlyFallsByMore(double minDelta, int expectedBest)
    {
        var descent = BestSoFar.Over(Records.Of(0.9, 0.9, 0.5, 0.4, 0.4, double.NaN), MonitoredMetric.SelectionError, minDelta);

        Assert.Equal(expectedBest, descent.BestEpoch);
        Assert.Equal(5 - expectedBest, descent.EpochsSince);
    }

    [Fact]
    public void Descent_OnlyNaN_HasNoBest()
    {
        var descent = BestSoFar.Over(Records.Of(double.NaN, double.NaN), MonitoredMetric.SelectionLoss, 0);

        Assert.Null(descent.BestEpoch);
        Assert.Equal(2, descent.EpochsSince);
    }

    [Fact]
    public void Fit_WithBest_PutsTheBestWeightsBackWhenItStops()
    {
        var (history, best, wasPutBack) = FitWithBest(Options.Epochs);

        Assert.Equal(best + 6, history.Count);
        Assert.True(wasPutBack);
    }

    [Fact]
    public void Fit_WithBest_PutsTheBestWeightsBackAfterTheLastEpoch()
    {
        var epochs = FitWithBest(Options.Epochs).History.Count - 1;

        var (history, best, wasPutBack) = FitWithBest(epochs);

        Assert.Equal(best + 5, history.Count);
        Assert.True(wasPutBack);
    }

    [Fact]
    public void Fit_Cancelled_LeavesTheLastWeights()
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();
        var lowest = (Error: double.PositiveInfinity, Epoch: 0);
        using var cancellation = new CancellationTokenSource();
        float[] last = [];
        var recorder = new Recorder
        {
            EpochEnd = (_, record) =>
            {
                last = Models.Weights(model);
                lowest = record.SelectionError < lowest.Error ? (record.SelectionError!.Value, record.Epoch) : lowest;
                if (record.Epoch > lowest.Epoch + 1)
                {
                    cancellation.Cancel();
                }
            },
        };

        Assert.Throws<OperationCanceledException>(() => Trainer.Fit(
            model, new TrainingData(data, null, data), Options, [recorder, new EarlyStopping(100, restoreBest: true)], cancellation.Token));

        Assert.Equal(last, Models.Weights(model));
    }

    [Fact]
    public void Fit_UsedTwice_StartsAnew()
    {
        using var data = Models.Clouds(64, 1);
        var stopping = new EarlyStopping(3);
        int Epochs()
        {
            using var model = Models.Mlp();
            return Trainer.Fit(model, data, data, Options, [stopping]).History.Count;
        }

        Assert.Equal(Epochs(), Epochs());
    }

    [Fact]
    public void Fit_WithoutSelection_SaysTheRepair()
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();

        Broken.Says(
            "every epoch must measure the selection error, but epoch 1 did not; give a validation set, or monitor another figure.",
            () => Trainer.Fit(model, data, null, Options, [new EarlyStopping(3)]));
    }

    [Fact]
    public void Options_OutOfRange_SayTheRule()
    {
        Broken.Says("patience must be at least 1, but got 0.", () => _ = new EarlyStopping(0));
        Broken.Says("min delta must be a finite number of at least 0, but got -0.1.", () => _ = new EarlyStopping(1) { MinDelta = -0.1 });
    }

    private static (IReadOnlyList<EpochRecord> History, int Best, bool WasPutBack) FitWithBest(int epochs)
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();
        var states = new List<float[]>();
        var recorder = new Recorder { EpochEnd = (_, _) => states.Add(Models.Weights(model)) };
        var history = Trainer.Fit(
            model, data, data, Options with { Epochs = epochs },
            [recorder, new EarlyStopping(5, restoreBest: true) { Monitor = MonitoredMetric.SelectionLoss }]).History;

        var expected = history.MinBy(record => record.SelectionLoss)!.Epoch;
        return (history, expected, states[expected].SequenceEqual(Models.Weights(model)));
    }
}
