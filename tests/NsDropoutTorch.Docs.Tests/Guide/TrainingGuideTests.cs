using NsDropoutTorch.Docs.Tests.Support;
#region usings
using NsDropoutTorch;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Checkpoints;
using NsDropoutTorch.Training.Metrics;
using NsDropoutTorch.Training.TensorBoard;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
#endregion

namespace NsDropoutTorch.Docs.Tests.Guide;

/// <summary>The code of docs/training.md runs and does what the page says of it.</summary>
public sealed class TrainingGuideTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TempFolder folder = new();
    private readonly ImageDataset images = (ImageDataset)DatasetCatalog.Over().Load("optdigits");

    public void Dispose()
    {
        folder.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void Fit_WithTheThreeParts_ReturnsARecordPerEpoch()
    {
        #region fit
        var digits = (ImageDataset)DatasetCatalog.Over().Load("optdigits");
        Seeding.Seed(1);
        var (rest, statistics) = digits.TrainTensors().Split(share: 0.2, seed: 1);
        var (train, validation) = rest.Split(share: 0.2, seed: 2);
        using var model = nn.Sequential(
            ("hidden", nn.Linear(64, 64)), ("relu", nn.ReLU()), ("drop", nn.NSDropout(64, 10, p: 0.5)), ("output", nn.Linear(64, 10)));

        var options = new TrainerOptions { Epochs = 5, BatchSize = 128, Seed = 1 };
        FitResult result = Trainer.Fit(model, train, validation, options, [new ProgressLog(Console.Out, "guide")], maskStatistics: statistics);
        foreach (var record in result.History)
        {
            Console.WriteLine($"epoch {record.Epoch + 1}: loss {record.TrainLoss:F3}, selection error {record.SelectionError:P1}");
        }
        #endregion

        Assert.Equal(5, result.History.Count);
        Assert.All(result.History, record => Assert.NotNull(record.SelectionError));
        Assert.Equal(digits.Train.Count, train.Count + validation.Count + statistics.Count);
    }

    [Fact]
    public void Summary_OfTheGuide_IsTheTableOfThePage()
    {
        var (_, _, model) = Plain();
        using var network = model;

        #region summary
        var summary = ModelSummary.Of(network, [1, 64]);
        Console.WriteLine(summary);
        Console.WriteLine($"{summary.Parameters:N0} parameters, {summary.MultiplyAdds:N0} multiply-adds");
        #endregion

        Assert.Contains($"```\n{summary}\n```", File.ReadAllText(Repository.PathOf("docs/training.md")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void TensorBoard_OfTheGuide_WritesAFolderPerRun()
    {
        var (train, validation, model) = Plain();
        using var network = model;
        var options = new TrainerOptions { Epochs = 2 };
        var runs = Path.Combine(folder.Path, "runs");

        #region tensorboard
        var board = new TensorBoardLog(Path.Combine(runs, "hidden-32"))
        {
            EverySteps = 10,
            HistogramsEveryEpochs = 2,
            HParams = new Dictionary<string, object> { ["hidden"] = 32, ["optimizer"] = "Adam" },
            EachEpoch = (events, context) => events.Image("weights", context.Model.get_parameter("hidden.weight")!.sigmoid(), context.Iteration),
        };
        Trainer.Fit(network, train, validation, options, [board]);
        #endregion

        WriteByHand(runs);
        Assert.Equal(["by-hand", "hidden-32"], Directory.GetDirectories(runs).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetDirectories(runs), run => Assert.True(new FileInfo(Directory.GetFiles(run).Single()).Length > 1_000));
    }

    private static void WriteByHand(string runs)
    {
        #region events
        using var events = new EventWriter(Path.Combine(runs, "by-hand"));
        for (var step = 1; step <= 100; step++)
        {
            events.Scalar("loss/train", 1.0 / step, step);
        }

        events.Text("note", "a curve of **1/x**", step: 100);
        #endregion
    }

    [Fact]
    public void Options_AllThatTheGuideSets_Train()
    {
        var (train, validation, model) = Plain();
        using var network = model;

        #region options
        var options = new TrainerOptions
        {
            Epochs = 3,
            Optimizer = parameters => optim.SGD(parameters, learningRate: 0.1, momentum: 0.9),
            Schedule = new WarmUp(Steps: 20, new CosineDecay(Epochs: 3, Floor: 0.01)),
            Penalties = [new("hidden") { WeightL2 = 1e-4 }],
            Clipping = new ClipByNorm(1),
            MicroBatches = 2,
        };
        #endregion

        var result = Trainer.Fit(network, train, validation, options);
        Assert.All(result.History, record => Assert.True(record.PenaltyLoss > 0));
        Assert.True(result.History[0].LearningRate > result.History[2].LearningRate);
    }

    [Fact]
    public void Groups_OfTheGuide_DecayMatricesAlone()
    {
        var (train, validation, network) = Plain();
        using var model = network;

        #region groups
        var (matrices, others) = ParameterGroups.Split(network, ParameterGroups.IsMatrix);
        AdamW.ParamGroup[] groups =
        [
            new(matrices, new AdamW.Options { LearningRate = 0.001, weight_decay = 0.01 }),
            new(others, new AdamW.Options { LearningRate = 0.001, weight_decay = 0 }),
        ];
        var options = new TrainerOptions { Epochs = 2, Optimizer = _ => optim.AdamW(groups) };
        #endregion

        Trainer.Fit(network, train, validation, options);
        Assert.Equal((2, 2), (matrices.Count, others.Count));
    }

    [Fact]
    public void Averaging_OfTheGuide_IsWhatIsValidated()
    {
        var (train, validation, network) = Plain();
        using var model = network;

        #region averaging
        var options = new TrainerOptions { Epochs = 5, Averaging = new ExponentialAverage(Decay: 0.99) };
        var result = Trainer.Fit(network, train, validation, options);
        #endregion

        Assert.Equal(result.History[^1].SelectionError, Trainer.Evaluate(network, validation).Error);
    }

    [Fact]
    public void Precision_OfTheGuide_LeavesFloat32WeightsThatAreWhatWasValidated()
    {
        var (train, validation, network) = Plain();
        using var model = network;

        #region precision
        var options = new TrainerOptions { Epochs = 3, Precision = ScalarType.BFloat16 };
        var result = Trainer.Fit(network, train, validation, options);
        #endregion

        Assert.All(network.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
        Assert.Equal(result.History[^1].SelectionError, Trainer.Evaluate(network, validation).Error);
    }

    [Fact]
    public void Threads_OfTheGuide_Train()
    {
        var (train, validation, network) = Plain();
        using var model = network;

        #region threads
        var options = new TrainerOptions { Epochs = 3, Threads = torch.get_num_threads() };
        var result = Trainer.Fit(network, train, validation, options);
        #endregion

        Assert.Equal(3, result.History.Count);
    }

    [Fact]
    public void Finder_OfTheGuide_SuggestsARate()
    {
        var (train, validation, network) = Plain();
        using var model = network;

        #region finder
        var curve = LearningRateFinder.Run(network, train, new TrainerOptions { BatchSize = 32 });
        Console.WriteLine(curve);
        var options = new TrainerOptions { BatchSize = 32, Optimizer = parameters => optim.Adam(parameters, curve.Suggestion ?? 0.001) };
        #endregion

        Assert.InRange(curve.Suggestion!.Value, 1e-5, 0.5);
        Assert.True(Trainer.Fit(network, train, validation, options with { Epochs = 5 }).History[^1].SelectionError < 0.2);
    }

    [Fact]
    public void Metrics_OfTheGuide_GiveNumbers()
    {
        using var test = images.TestTensors();
        var (_, _, model) = Plain();
        using var network = model;

        #region metrics
        Evaluation evaluation = Trainer.Evaluate(network, test);
        var (confusion, top3, confidence) = (new ConfusionMatrix(numClasses: 10), new TopKAccuracy(3), new MeanConfidence());
        Trainer.Evaluate(network, test, [confusion, top3, confidence]);
        Console.WriteLine(ClassificationReport.Of(confusion.Value));
        #endregion

        Assert.Equal(evaluation.Error, ConfusionMatrix.Error(confusion.Value), 12);
        Assert.InRange(top3.Value, 1 - evaluation.Error, 1);
        Assert.InRange(confidence.Value, 0.1, 1);
    }

    [Fact]
    public void Schedule_OfOnesOwn_SetsTheRate()
    {
        var (train, validation, model) = Plain();
        using var network = model;
        var result = Trainer.Fit(network, train, validation, new() { Epochs = 4, Schedule = new Triangle(4) });
        Assert.Equal([0.1, 0.55, 1, 0.55], result.History.Select(record => Math.Round(record.LearningRate / 0.001, 6)));
    }

    [Fact]
    public void Callbacks_OfTheGuide_StopAndPutTheBestBack()
    {
        var (train, validation, model) = Plain();
        using var network = model;
        var options = new TrainerOptions { Epochs = 50 };
        var log = Path.Combine(folder.Path, "epochs.csv");

        #region callbacks
        Callback[] callbacks =
        [
            new ProgressLog(Console.Out, "guide"),
            new CsvLog(log),
            new StopOnNonFinite(),
            new EarlyStopping(patience: 5, restoreBest: true),
        ];
        var result = Trainer.Fit(network, train, validation, options, callbacks);
        #endregion

        Assert.Equal(result.History.Count + 1, File.ReadLines(log).Count());
        Assert.Equal(result.History[result.BestEpoch!.Value].SelectionError!.Value, Trainer.Evaluate(network, validation).Error, 12);
    }

    [Fact]
    public void DropRates_OfTheGuide_AreTheirOwnAfterTheRun()
    {
        var (train, validation, model) = Plain();
        model.Dispose();

        #region drop-rates
        using var network = nn.Sequential(("hidden", nn.Linear(64, 32)), ("relu", nn.ReLU()), ("drop", nn.Dropout(0.5)), ("output", nn.Linear(32, 10)));
        var options = new TrainerOptions { Epochs = 10, BatchSize = 128 };
        var rates = new ScheduledDropRates(new CurriculumDropRate(Steps: 240)) { Layers = ["drop"] };
        var result = Trainer.Fit(network, train, validation, options, [rates]);
        #endregion

        Assert.Equal(10, result.History.Count);
        Assert.Equal(0.5, DropRates.In(network).Single().Layer.p);
    }

    [Fact]
    public void GapMatchedRate_OfTheGuide_LeavesTheRateThatItFound()
    {
        var (train, validation, model) = Plain();
        model.Dispose();

        #region gap-matched
        using var network = nn.Sequential(("hidden", nn.Linear(64, 32)), ("relu", nn.ReLU()), ("drop", nn.Dropout(0.5)), ("output", nn.Linear(32, 10)));
        using var rate = new GapMatchedRate(train);
        var result = Trainer.Fit(network, new TrainingData(rate.Batches, Selection: validation), new TrainerOptions { Epochs = 10, BatchSize = 32 }, [rate]);
        Console.WriteLine($"found p = {rate.Rate:F2} in {rate.Updates.Count} changes");
        #endregion

        Assert.Equal(10, result.History.Count);
        Assert.Equal(rate.Rate, DropRates.In(network).Single().Layer.p);
        Assert.InRange(rate.Updates.Count, 8, 16);
    }

    [Fact]
    public void StopAt_AnErrorThatIsReached_SaysWhy()
    {
        var (train, validation, model) = Plain();
        using var network = model;
        var result = Trainer.Fit(network, train, validation, new() { Epochs = 50 }, [new StopAt(error: 0.2)]);
        Assert.Equal("the selection error is low enough", result.StopReason);
    }

    [Fact]
    public void Resume_FromTheFolder_GoesOn()
    {
        var (train, validation, model) = Plain();
        using var network = model;
        var runFolder = Path.Combine(folder.Path, "run");

        #region resume
        using var ctrlC = new CtrlC();
        var options = new TrainerOptions { Epochs = 20, Seed = 1, ResumeFrom = runFolder };
        Trainer.Fit(network, train, validation, options, [new ModelCheckpoint(runFolder)], cancellationToken: ctrlC.Token);
        #endregion

        #region read
        foreach (var record in Trainer.ReadHistory(Path.Combine(runFolder, "best.ckpt")))
        {
            Console.WriteLine($"epoch {record.Epoch + 1}: {record.SelectionError:P1}");
        }

        Checkpoint.LoadWeights(Path.Combine(runFolder, "best.ckpt"), network);
        #endregion

        var more = Trainer.Fit(network, train, validation, options with { Epochs = 22 }, [new ModelCheckpoint(runFolder)]);
        Assert.Equal(22, more.History.Count);
    }

    [Fact]
    public void NumberedCheckpoints_OneOfThem_IsResumedWithWhatCallbacksRemember()
    {
        var (train, validation, model) = Plain();
        using var network = model;
        var options = new TrainerOptions { Epochs = 4 };
        var slowest = new SlowestEpoch();
        var whole = Trainer.Fit(network, train, validation, options, [new NumberedCheckpoints(folder.Path, everyEpochs: 2), slowest]);
        Assert.Equal(["epoch-2.ckpt", "epoch-4.ckpt"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        var restored = new SlowestEpoch();
        var resumed = Trainer.Fit(network, train, validation, options with { ResumeFrom = Path.Combine(folder.Path, "epoch-2.ckpt") }, [restored]);
        Assert.Equal(whole.History.Select(record => record.TrainLoss), resumed.History.Select(record => record.TrainLoss));
        Assert.True(restored.Seconds >= whole.History.Take(2).Max(record => record.Seconds));
    }

    [Fact]
    public void Sequence_OfAnEpoch_Trains()
    {
        var (_, validation, model) = Plain();
        using var network = model;
        var options = new TrainerOptions { Epochs = 2 };

        #region sequence
        var source = BatchSource.FromSequence(batchesPerEpoch: 20, Noisy);
        Trainer.Fit(network, source, validation, options);

        IEnumerable<(Tensor Inputs, Tensor Labels)> Noisy(int epoch)
        {
            using var generator = new Generator((ulong)epoch, CPU);
            for (var batch = 0; batch < 20; batch++)
            {
                var inputs = validation.Inputs.narrow(0, batch * 20, 20);
                yield return (inputs + (0.1 * randn(inputs.shape, generator: generator)), validation.Labels.narrow(0, batch * 20, 20));
            }
        }
        #endregion
    }

    [Fact]
    public void Loader_OfTorchSharp_Trains()
    {
        var (train, _, model) = Plain();
        using var network = model;
        var options = new TrainerOptions { Epochs = 2 };

        #region loader
        using var dataset = utils.data.TensorDataset(train.Inputs, train.Labels);
        using var loader = utils.data.DataLoader(dataset, batchSize: 128, shuffle: true);
        var result = Trainer.Fit(network, BatchSource.FromLoader(loader, batch => (batch[0], batch[1])), validation: null, options);
        #endregion

        Assert.Equal(2, result.History.Count);
    }

    // The same parts without a layer that wants statistics.
    private (TensorData Train, TensorData Validation, nn.Module<Tensor, Tensor> Model) Plain()
    {
        Seeding.Seed(1);
        var (train, validation) = images.TrainTensors().Split(share: 0.2, seed: 1);
        return (train, validation, nn.Sequential(("hidden", nn.Linear(64, 32)), ("relu", nn.ReLU()), ("output", nn.Linear(32, 10))));
    }
}
