using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Models;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class ComparisonTests
{
    private static readonly ImageDataset Dataset = Digits.First(400, 200);

    private static readonly ComparisonSettings Settings = new() { Dataset = Dataset.Name, Layers = ["none", "dropout", "nsdropout"], Epochs = 6, Hidden = [32, 16], Seeds = [22, 23] };

    [Fact]
    public void Run_ThreeLayersTwoSeeds_ReportsEachAsTheSchemaSays()
    {
        var runs = Run(Settings);

        Assert.Equal(
            [("none", 22L), ("none", 23), ("dropout", 22), ("dropout", 23), ("nsdropout", 22), ("nsdropout", 23)],
            runs.Select(run => (run.Layer, run.Seed)));
        Assert.Equal([0, 0, 0.2, 0.2, 0.2, 0.2], runs.Select(run => run.P));
        Assert.All(runs, run => Assert.Equal(Enumerable.Range(0, 6), run.History.Select(point => point.Epoch)));
        Assert.All(runs, run => Assert.Equal(run.History.MinBy(point => point.SelectionErrorLabelMask ?? point.SelectionError)!.Epoch, run.BestEpoch));
        Assert.All(runs, run => Assert.All(run.History, point => Assert.Equal(run.Layer == "nsdropout", point.SelectionErrorLabelMask is not null)));
        Assert.All(runs, run => Assert.Equal(200, run.Confusion.Sum(row => row.Sum())));
        Assert.All(runs, run => Assert.Equal(ConfusionMatrix.Error(run.Confusion), run.TestError));
        Assert.All(runs, run => Assert.Equal(run.Layer == "nsdropout", run.TestErrorLabelMask is not null && run.MaskFollowingRate is not null));
        Assert.All(runs, run => Assert.Equal((320, 80, 80), (run.Split!.Fit.Sum(), run.Split.MaskStatistics.Sum(), run.Split.Selection.Sum())));
        Assert.All(runs, run => Assert.Equal(320 * 6 / run.TrainSeconds, run.SamplesPerSecond, 6));
    }

    [Fact]
    public void Run_SameSeedTwice_WritesTheSameBytesTimesApart() =>
        Assert.Equal(Canonical(ResultsOf(Settings)), Canonical(ResultsOf(Settings)));

    [Fact]
    public void Run_OtherOrderOfLayersAndSeeds_ChangesNoRun()
    {
        var runs = Run(Settings).ToDictionary(run => (run.Layer, run.Seed), Canonical);

        var reversed = Run(Settings with { Layers = ["nsdropout", "dropout", "none"], Seeds = [23, 22] });

        Assert.All(reversed, run => Assert.Equal(runs[(run.Layer, run.Seed)], Canonical(run)));
    }

    [Fact]
    public void Run_Watched_TellsEachRunAndChangesNoFigure()
    {
        var seen = new List<ComparisonRun>();

        var watched = Run(Settings, run =>
        {
            seen.Add(run);
            return [new Counter()];
        });

        Assert.Equal(Run(Settings).Select(Canonical), watched.Select(Canonical));
        Assert.Equal(new ComparisonRun("dropout", 22, 3, 6), seen[2]);
        Assert.Equal(
            [("nsdropout", 22L, false), ("nsdropout", 22, true), ("nsdropout", 23, false), ("nsdropout", 23, true)],
            seen[4..].Select(run => (run.Layer, run.Seed, run.IsNoiseControl)));
    }

    [Fact]
    public void Run_NSDropoutUnderTheReferenceProtocol_FollowsTheMaskAndFailsWithoutIt()
    {
        var settings = Settings with { Layers = ["nsdropout:p=0.5"], Seeds = [22], Epochs = 120, Hidden = [128, 128, 128], NoiseEpochs = 0 };
        using var comparison = new Comparison(Digits.First(1000, 200), settings, CPU);

        var run = comparison.Run()[0];

        Assert.True(run.TestErrorLabelMask < 0.1, $"label-mask error {run.TestErrorLabelMask}");
        Assert.True(run.MaskFollowingRate > 0.7, $"mask-following rate {run.MaskFollowingRate}");
        Assert.True(run.TestError > 0.5, $"label-free error {run.TestError}");
    }

    [Theory]
    [InlineData("reference", "none")]
    [InlineData("reference", "nsdropout")]
    [InlineData("holdout", "none")]
    [InlineData("holdout", "nsdropout")]
    public void Run_BestEpoch_IsTheOneWhoseWeightsAreScored(string protocol, string layer)
    {
        var noisy = Settings with { Protocol = Protocol.Find(protocol), Layers = [layer], Seeds = [22], Epochs = 40, BatchSize = 32, LearningRate = 0.02 };
        var run = Run(noisy)[0];
        Assert.NotEqual(noisy.Epochs - 1, run.BestEpoch);

        var untilBest = Run(noisy with { Epochs = run.BestEpoch + 1 })[0];

        Assert.Equal(untilBest.TestError, run.TestError);
        Assert.Equal(untilBest.TestErrorLabelMask, run.TestErrorLabelMask);
        Assert.Equal(untilBest.Confusion, run.Confusion);
    }

    [Fact]
    public void Run_Patience_EndsTheRunAndScoresTheBestEpoch()
    {
        var patient = Settings with { Protocol = Protocol.Holdout, Layers = ["none"], Seeds = [22], Epochs = 200, BatchSize = 32, LearningRate = 0.02, Patience = 3 };

        var run = Run(patient)[0];

        Assert.InRange(run.Epochs, 4, 199);
        Assert.Equal(run.Epochs - 1, run.BestEpoch + 3);
        Assert.Equal(Run(patient with { Patience = null, Epochs = run.BestEpoch + 1 })[0].TestError, run.TestError);
    }

    [Fact]
    public void Run_Standardize_IsLearntFromThePartFittedToAlone()
    {
        var settings = Settings with { Protocol = Protocol.Holdout, Layers = ["nsdropout"], Seeds = [22], Epochs = 1, Standardize = true, NoiseEpochs = 0 };
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            using var comparison = new Comparison(Dataset, settings, torch.CPU, folder.FullName);
            var run = comparison.Run()[0];
            var path = Path.Combine(folder.FullName, "nsdropout-22.ckpt");
            using var model = ModelRecipe.Find(path)!.LoadFrom(path);
            using var train = Dataset.TrainTensors();
            using var fit = train.Select(Protocol.Find("holdout").Split(Dataset.Train.Labels, 22).Fit);

            Assert.Equal(fit.Inputs.mean().item<float>(), model.state_dict()["input.mean"][0].item<float>(), 4);
            Assert.Equal(run.TestError, comparison.Audit(ModelRecipe.Find(path)!, model).TestError);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Run_Holdout_NeverSelectsWithLabels()
    {
        var run = Run(Settings with { Protocol = Protocol.Holdout, Layers = ["nsdropout"], Seeds = [22] })[0];

        Assert.All(run.History, point => Assert.Null(point.SelectionErrorLabelMask));
        Assert.Equal(run.History.MinBy(point => point.SelectionError)!.Epoch, run.BestEpoch);
    }

    [Fact]
    public void Run_Final_ScoresTheLastEpochOfAllTheData()
    {
        var runs = Run(Settings with { Protocol = Protocol.Final, Layers = ["none", "nsdropout"], Seeds = [22] });

        Assert.All(runs, run => Assert.Equal(5, run.BestEpoch));
        Assert.All(runs, run => Assert.All(run.History, point => Assert.True(point is { SelectionError: null, SelectionLoss: null, SelectionErrorLabelMask: null })));
        Assert.Equal(400, runs[0].Split!.Fit.Sum());
        Assert.Equal(400, runs[1].Split!.Fit.Sum() + runs[1].Split!.MaskStatistics.Sum());
    }

    [Fact]
    public void Run_TestLoss_IsTheCrossEntropyOfChanceBeforeAnythingIsLearnt()
    {
        var run = Run(Settings with { Protocol = Protocol.Final, Layers = ["none"], Seeds = [22], Epochs = 1, LearningRate = 1e-12 })[0];

        // Weights of 0.01·N(0,1) make all classes equally likely but for a little.
        Assert.Equal(Math.Log(10), run.TestLoss!.Value, 0.001);
    }

    [Fact]
    public void Run_Holdout_CountsEveryClassOfEveryPart()
    {
        var runs = Run(Settings with { Protocol = Protocol.Holdout, Layers = ["none", "nsdropout"], Seeds = [22], Epochs = 1 });
        var (none, nsdropout) = (runs[0].Split!, runs[1].Split!);

        Assert.Equal(Dataset.Train.CountPerClass(10).Select(count => (long)(count / 5)), none.Selection);
        Assert.Equal(none.Selection, nsdropout.Selection);
        Assert.Equal(none.Selection, nsdropout.MaskStatistics);
        Assert.Equal(none.Fit, nsdropout.Fit.Zip(nsdropout.MaskStatistics, (fit, mask) => fit + mask));
        Assert.Equal(Dataset.Train.CountPerClass(10).Select(count => (long)count), none.Fit.Zip(none.Selection, (fit, selection) => fit + selection));
    }

    [Fact]
    public void Run_LayerWithMasks_RecordsThemAndTheirGapsForTheLowestSeed()
    {
        var runs = Run(Settings with { Layers = ["none", "nsdropout"], NoiseEpochs = 0 });
        var shown = runs.Single(run => run is { Layer: "nsdropout", Seed: 22 });

        Assert.All(runs.Where(run => run != shown), run => Assert.True(run.Masks is null && run.Gaps is null));
        var masks = Assert.Single(shown.Masks!);
        Assert.Equal(("layer1", 32), (masks.Module, masks.NumFeatures));
        Assert.Equal([0, 1, 2, 3, 4, 5], masks.Snapshots.Select(snapshot => snapshot.Epoch));
        // Of the first step there is no cache yet, so the masks begin with the second epoch: round(0.2·32) = 6 of each class.
        Assert.Equal([0, 6, 6, 6, 6, 6], masks.Snapshots.Select(snapshot => snapshot.Dropped.Select(row => row.Count).Distinct().Single()));
        Assert.Equal((0, 1), (masks.Replaced[0], masks.Replaced[1]));
        Assert.All(masks.Replaced, share => Assert.InRange(share, 0, 1));
        Assert.Equal(Enumerable.Repeat(32L, 10), Assert.Single(shown.Gaps!).Counts.Select(row => row.Sum()));
    }

    [Fact]
    public void Run_EverySibling_TrainsWhereItStands()
    {
        string[] layers = ["none", "dropconnect:p=0.5:samples=8", "concrete", "gaussian", "variational:p=0.1", "targeted:units=true", "droppath", "standout:alpha=0.5", "broadcast", "stochastic-depth:mode=batch", "alpha-dropout", "fast-dropout"];
        var runs = Run(Settings with { Layers = [.. layers.Select(LayerSpecification.Parse)], Seeds = [22], Epochs = 3, After = [1, 2] });

        Assert.Equal(layers, runs.Select(run => run.Layer));
        Assert.Equal([0, 0.5, 0.2, 0.2, 0.1, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2], runs.Select(run => run.P));
        Assert.All(runs.Skip(1), run => Assert.NotEqual(runs[0].History[^1].TrainLoss, run.History[^1].TrainLoss));
        Assert.All(runs, run => Assert.Equal(run.Layer is "concrete" or "variational:p=0.1" ? ["layer1", "layer2"] : null, run.History[^1].LearnedRates?.Keys.ToArray()));
        Assert.All(runs, run => Assert.True(run is { Masks: null, Gaps: null, Audit: null }));
    }

    [Fact]
    public void Run_Tabular_TrainsOnMeasurements()
    {
        byte[] labels = [.. Enumerable.Range(0, 60).Select(i => (byte)(i % 3))];
        var rows = new TabularSet(2, [.. labels.SelectMany((label, i) => new float[] { label, i % 7 })], labels);
        var dataset = new TabularDataset("rows", 3, ["a", "b", "c"], ["label", "other"], rows, rows, "made up", []);
        using var comparison = new Comparison(dataset, Settings with { Epochs = 200, Layers = ["none"], Hidden = [16] }, CPU);

        Assert.All(comparison.Run(), run => Assert.Equal(0, run.TestError));
    }

    [Fact]
    public void Run_LayersWithOptions_AreRunsOfTheirOwn()
    {
        var runs = Run(Settings with { Layers = ["dropout", "dropout:p=0.2", "dropout:p=0.7"], Seeds = [22] });

        Assert.Equal([("dropout", 0.2), ("dropout:p=0.2", 0.2), ("dropout:p=0.7", 0.7)], runs.Select(run => (run.Layer, run.P)));
        Assert.Equal(runs[0].History, runs[1].History);
        Assert.NotEqual(runs[0].History, runs[2].History);
    }

    [Fact]
    public void Run_AfterOtherHiddenLayers_TrainsOtherwise()
    {
        var first = Run(Settings with { Layers = ["dropout"], Seeds = [22] })[0];
        var both = Run(Settings with { Layers = ["dropout"], Seeds = [22], After = [1, 2] })[0];

        Assert.NotEqual(first.History, both.History);
    }

    [Fact]
    public void Run_Cnn_LearnsFromImages()
    {
        var settings = Settings with { Model = ModelCatalog.Cnn, Hidden = null, Layers = ["none", "nsdropout"], After = [1, 2], Seeds = [22], Epochs = 25, BatchSize = 40, NoiseEpochs = 0 };

        var runs = Run(settings);

        Assert.True(runs[0].TestError < 0.5, $"error {runs[0].TestError}");
        Assert.NotNull(runs[1].TestErrorLabelMask);
    }

    [Fact]
    public void Run_Rnn_LearnsFromRowsOfImages()
    {
        var settings = Settings with { Model = ModelCatalog.Rnn, Protocol = Protocol.Holdout, Hidden = null, Layers = ["locked", "nsdropout"], InitialStd = null, Seeds = [22], Epochs = 12, BatchSize = 20, NoiseEpochs = 0 };

        var runs = Run(settings);

        Assert.True(runs[0].TestError < 0.5, $"error {runs[0].TestError}");
        Assert.NotNull(runs[1].TestErrorLabelMask);
    }

    [Theory]
    [InlineData("cnn3d", "dropblock:block-size=2", "dropout")]
    [InlineData("embedding", "embedding-dropout", "nsdropout:label-free=true")]
    public void Run_VolumesAndWords_LearnsFromImages(string model, params string[] layers)
    {
        var runs = Run(Settings with { Model = ModelCatalog.Find(model), Protocol = Protocol.Holdout, Hidden = null, Layers = [.. layers.Select(LayerSpecification.Parse)], InitialStd = null, Standardize = true, After = [1], Seeds = [22], Epochs = 12, BatchSize = 20 });

        Assert.All(runs, run => Assert.True(run.TestError < 0.5, $"error {run.TestError}"));
    }

    [Fact]
    public void Run_EvalByTheMeanMask_ScoresWithIt()
    {
        var run = Run(Settings with { Layers = ["nsdropout:eval=mean"], Seeds = [22], Epochs = 40 })[0];

        Assert.Equal(run.Audit!.TestErrorMeanMask, run.TestError);
        Assert.NotEqual(run.TestErrorLabelMask, run.TestError);
    }

    [Fact]
    public void Create_CnnOnMeasurements_SaysWhatItNeeds() => Assert.Equal(
        "the data set of model cnn must hold images, but spiral holds rows of measurements; mlp takes them.",
        Assert.Throws<UserErrorException>(() => new Comparison(Spiral.Generate(0, 10, 10), Settings with { Model = ModelCatalog.Cnn }, CPU)).Message);

    [Fact]
    public void Create_LayerWhereNoneCanStand_Throws() =>
        Assert.Throws<ArgumentException>(() => new Comparison(Dataset, Settings with { After = [3] }, CPU));

    [Fact]
    public void Run_Cancelled_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        using var comparison = new Comparison(Dataset, Settings, CPU);

        Assert.Throws<OperationCanceledException>(() => comparison.Run(cancellationToken: cancellation.Token));
    }

    [Fact]
    public void Run_WhenDone_LeavesNoTensorBehind()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Run(Settings);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static IReadOnlyList<RunResult> Run(ComparisonSettings settings, Func<ComparisonRun, IReadOnlyList<Callback>>? watch = null)
    {
        using var comparison = new Comparison(Dataset, settings, CPU);
        return comparison.Run(watch);
    }

    private static ComparisonResults ResultsOf(ComparisonSettings settings)
    {
        var runs = Run(settings);
        var environment = RunEnvironment.Describe(Dataset, CPU, DateTimeOffset.Now);
        return ComparisonResults.Of(environment, settings, runs);
    }

    /// <summary>The document without times.</summary>
    private static string Canonical(ComparisonResults results) => ResultsDocument.WithoutTimes(ResultsJson.Format(results));

    private static string Canonical(RunResult run)
    {
        var results = new ComparisonResults(
            ComparisonResults.CurrentSchema, RunEnvironment.Describe(Dataset, CPU, DateTimeOffset.UnixEpoch), Settings, [run], []);
        return Canonical(results);
    }

    private sealed class Counter : Callback
    {
        private int epochs;

        public override void OnEpochEnd(FitContext context, EpochRecord record) => Assert.Equal(++epochs, context.Epoch);
    }
}
