using NsDropoutTorch.Data;
using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>Metrics of one number, against loops, and in the history of a run.</summary>
public sealed class ScalarMetricTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1e6)]
    public void Regression_Metrics_AreTheirFormulas(double offset)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var targets = randn(37, 2, ScalarType.Float64) + offset;
        var outputs = targets + (0.5 * randn(37, 2, ScalarType.Float64));
        double[] y = targets.data<double>().ToArray(), predicted = outputs.data<double>().ToArray();
        var (mae, rmse, r2) = (new MeanAbsoluteError(), new RootMeanSquaredError(), new R2Score());

        Feed(outputs, targets, 10, mae, rmse, r2);

        Assert.Equal(y.Zip(predicted, (a, b) => Math.Abs(a - b)).Average(), mae.Value, 1e-9);
        Assert.Equal(Math.Sqrt(y.Zip(predicted, (a, b) => (a - b) * (a - b)).Average()), rmse.Value, 1e-9);
        var mean = y.Average();
        Assert.Equal(1 - (y.Zip(predicted, (a, b) => (a - b) * (a - b)).Sum() / y.Sum(a => (a - mean) * (a - mean))), r2.Value, 1e-9);
    }

    [Fact]
    public void Regression_EqualTargets_HaveNoR2()
    {
        using var scope = NewDisposeScope();
        var r2 = new R2Score();

        Feed(randn(5), ones(5), 2, r2);

        Assert.True(double.IsNaN(r2.Value));
        Broken.Says(
            "outputs and targets must have the same shape, but got [3, 1] and [3]; add the dimension to the targets by unsqueeze(1), or take it off the outputs by a last nn.Flatten(0).",
            () => Feed(zeros(3, 1), zeros(3), 3, r2));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(1, 1)]
    public void Auroc_OfScoresWithTies_IsThePartOfPairsInOrder(int columns, int decimals)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var scores = randn(60).round(decimals);
        var labels = randint(2, [60], ScalarType.Int64);
        var outputs = columns == 1 ? scores : stack([scores * -0.5, scores * 0.5], 1);
        var auroc = new Auroc();

        Feed(outputs, labels, 7, auroc);

        var (s, l) = (scores.data<float>().ToArray(), labels.data<long>().ToArray());
        var pairs = Enumerable.Range(0, 60).Where(i => l[i] == 1).SelectMany(i => Enumerable.Range(0, 60).Where(j => l[j] == 0).Select(j => s[i] > s[j] ? 1 : s[i].Equals(s[j]) ? 0.5 : 0)).ToArray();
        Assert.Equal(pairs.Average(), auroc.Value, 1e-12);
    }

    [Fact]
    public void Auroc_OneClassOrMore_IsNoNumberOrRefused()
    {
        using var scope = NewDisposeScope();
        var auroc = new Auroc();

        Feed(randn(4), ones(4, ScalarType.Int64), 2, auroc);

        Assert.True(double.IsNaN(auroc.Value));
        Broken.Says(
            "auroc needs one score a sample, logits [N], [N,1] or [N,2] with labels [N], but got [4,3] and [4]; for more classes take F1Score.",
            () => Feed(randn(4, 3), ones(4, ScalarType.Int64), 4, auroc));
    }

    [Fact]
    public void F1_OfThreeClasses_IsTheMeanOfTheirScores()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var (outputs, labels) = (randn(50, 3), randint(3, [50], ScalarType.Int64));
        var f1 = new F1Score(3);

        Feed(outputs, labels, 8, f1);

        var (predicted, right) = (outputs.argmax(1).data<long>().ToArray(), labels.data<long>().ToArray());
        var scores = Enumerable.Range(0, 3).Select(c =>
        {
            var hits = Enumerable.Range(0, 50).Count(i => predicted[i] == c && right[i] == c);
            return 2.0 * hits / (predicted.Count(p => p == c) + right.Count(r => r == c));
        });
        Assert.Equal(scores.Average(), f1.Value, 1e-12);
    }

    [Fact]
    public void Perplexity_WithPadding_CountsTheOtherTokens()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var (logits, targets) = (randn(3, 4, 5), randint(5, [3, 4], ScalarType.Int64));
        targets[0, 3] = tensor(-100L);
        targets[2, 1] = tensor(-100L);
        var perplexity = new Perplexity();

        Feed(logits, targets, 1, perplexity);

        var probabilities = nn.functional.softmax(logits, 2).data<float>().ToArray();
        var losses = targets.data<long>().ToArray().Select((target, i) => target < 0 ? double.NaN : -Math.Log(probabilities[(i * 5) + target])).Where(loss => !double.IsNaN(loss)).ToArray();
        Assert.Equal(10, losses.Length);
        Assert.Equal(Math.Exp(losses.Average()), perplexity.Value, 1e-5);
    }

    [Fact]
    public void Fit_Metrics_AreInTheHistoryOfBothParts()
    {
        using var train = Models.Clouds(50, 1);
        using var validation = Models.Clouds(40, 2);
        using var model = Models.Mlp(nn.Dropout(0.3));
        var (accuracy, f1) = (new Accuracy(), new F1Score(3));
        var progress = new StringWriter();
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        var history = Trainer.Fit(
            model, train, validation, new TrainerOptions { Epochs = 3, BatchSize = 16, Metrics = [accuracy, f1] }, [new ProgressLog(progress, "run")]).History;

        Assert.All(history, record =>
        {
            Assert.Equal(["accuracy", "f1"], record.TrainMetrics.Keys);
            Assert.Equal(1 - record.TrainError, record.TrainMetrics["accuracy"], 1e-12);
            Assert.Equal(1 - record.SelectionError!.Value, record.SelectionMetrics["accuracy"], 1e-12);
        });
        Trainer.Evaluate(model, validation, [f1]);
        Assert.Equal(f1.Value, history[^1].SelectionMetrics["f1"]);
        Assert.Contains(FormattableString.Invariant($"accuracy {history[^1].SelectionMetrics["accuracy"]:G4}  f1 {f1.Value:G4}"), progress.ToString(), StringComparison.Ordinal);
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    public void Fit_InterruptedWithMetrics_HasTheHistoryOfTheWholeRun(int cancelAt)
    {
        var whole = Run("whole", null);

        Assert.Throws<OperationCanceledException>(() => Run("resumed", cancelAt));

        Assert.Equal(whole, Run("resumed", null));
    }

    [Fact]
    public void Fit_MetricThatRises_StopsAndKeepsTheBest()
    {
        using var train = Models.Clouds(50, 1);
        using var validation = Models.Clouds(40, 2);
        using var model = Models.Mlp();
        using var best = new BestWeights { Monitor = MonitoredMetric.SelectionMetric(new Accuracy()) };
        var options = new TrainerOptions { Epochs = 40, BatchSize = 16, Metrics = [new Accuracy()], Optimizer = parameters => optim.Adam(parameters, 0.05) };

        var result = Trainer.Fit(model, train, validation, options, [best, new EarlyStopping(4, restoreBest: true) { Monitor = MonitoredMetric.SelectionMetric("accuracy", higherIsBetter: true) }]);

        var highest = result.History.MaxBy(record => record.SelectionMetrics["accuracy"])!;
        Assert.Equal(highest.Epoch, best.Epoch);
        Assert.Equal(highest.SelectionError!.Value, Trainer.Evaluate(model, validation).Error, 1e-12);
        Assert.Equal(FormattableString.Invariant($"the selection accuracy has not improved in 4 epochs; the best was {highest.SelectionMetrics["accuracy"]:G6} in epoch {highest.Epoch + 1}"), result.StopReason);
    }

    [Fact]
    public void Metrics_OfOneName_AreRefused() =>
        Broken.Says("metrics must have names of their own, but got 'accuracy' twice.", () => _ = new TrainerOptions { Metrics = [new Accuracy(), new Accuracy()] });

    [Fact]
    public void Fit_SelectionFromALoader_IsThatOfItsTensors()
    {
        using var train = Models.Clouds(50, 1);
        using var validation = Models.Clouds(40, 2);
        using var set = utils.data.TensorDataset(validation.Inputs.alias(), validation.Labels.alias());
        using var loader = utils.data.DataLoader(set, 7, shuffle: false, disposeDataset: false);
        EpochRecord Last(BatchSource selection)
        {
            using var model = Models.Mlp();
            return Trainer.Fit(model, train, selection, new TrainerOptions { Epochs = 2, EvaluationBatchSize = 7, Metrics = [new F1Score(3)] }).History[^1] with { Seconds = 0 };
        }

        Assert.Equal(Last(validation!), Last(BatchSource.FromLoader(loader, batch => (batch[0], batch[1].flatten()))));
    }

    private string Run(string name, int? cancelAt)
    {
        using var scope = NewDisposeScope();
        using var train = Models.Clouds(50, 1);
        using var binary = new TensorData(train.Inputs.alias(), train.Labels.gt(0).to(ScalarType.Int64));
        manual_seed(1);
        using var model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 2));
        using var cancellation = new CancellationTokenSource();
        var run = Path.Combine(folder.Root, name);
        var result = Trainer.Fit(
            model, binary, binary, new TrainerOptions { Epochs = 3, BatchSize = 16, ResumeFrom = run, Metrics = [new Accuracy(), new F1Score(2), new Auroc()] },
            [new ModelCheckpoint(run) { EverySteps = 1 }, new Recorder { StepEnd = context => { if (context.Iteration == cancelAt) cancellation.Cancel(); } }], cancellationToken: cancellation.Token);
        return string.Join('\n', result.History.Select(record => record with { Seconds = 0 }));
    }

    private static void Feed(Tensor outputs, Tensor labels, int size, params IMetric[] metrics)
    {
        foreach (var metric in metrics)
        {
            metric.Begin(CPU);
            foreach (var (start, length) in Chunks.Of(labels.size(0), size))
            {
                using var scope = NewDisposeScope();
                metric.Add(outputs.narrow(0, start, length), labels.narrow(0, start, length));
            }

            metric.End();
        }
    }
}
