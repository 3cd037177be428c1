using NsDropoutTorch.Experiments.Audit;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments;

/// <summary>
/// Trains every layer with every seed on one data set and scores it. Runs are independent: the order of layers and seeds changes no figure.
/// Holds the data set on the device until disposed.
/// </summary>
public sealed class Comparison : IDisposable
{
    private readonly Dataset dataset;
    private readonly ComparisonSettings settings;
    private readonly Device device;
    private readonly Protocol protocol;
    private readonly TensorData train;
    private readonly TensorData test;

    /// <summary>A comparison on <paramref name="dataset"/>.</summary>
    /// <param name="dataset">Training and test set.</param>
    /// <param name="settings">What to compare and how.</param>
    /// <param name="device">Where to compute.</param>
    public Comparison(Dataset dataset, ComparisonSettings settings, Device device)
    {
        this.dataset = dataset;
        this.settings = LayerPlacement.Checked(settings);
        this.device = device;
        protocol = Protocol.Find(settings.Protocol);
        var flatten = ModelCatalog.Find(settings.Model).Flattens(dataset);
        train = dataset.TrainTensors(flatten: flatten, device: device);
        test = dataset.TestTensors(flatten: flatten, device: device);
    }

    /// <summary>All runs, seed by seed within each layer.</summary>
    /// <param name="watch">Callbacks for each run and each noise control; null: none.</param>
    /// <param name="cancellationToken">Ends the comparison after the current step.</param>
    /// <exception cref="OperationCanceledException">The comparison was cancelled.</exception>
    public IReadOnlyList<RunResult> Run(Func<ComparisonRun, IReadOnlyList<Callback>>? watch = null, CancellationToken cancellationToken = default)
    {
        var results = new List<RunResult>();
        foreach (var run in ComparisonRun.Of(settings))
        {
            results.Add(Run(run, watch, cancellationToken));
        }

        return results;
    }

    /// <summary>One run. It seeds torch itself, so what ran before in this process, or in which process it runs, changes no figure.</summary>
    /// <param name="run">Layer and seed.</param>
    /// <param name="watch">Callbacks for the run and its noise control; null: none.</param>
    /// <param name="cancellationToken">Ends the run after the current step.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public RunResult Run(ComparisonRun run, Func<ComparisonRun, IReadOnlyList<Callback>>? watch = null, CancellationToken cancellationToken = default)
    {
        using var scope = torch.NewDisposeScope();
        var layer = LayerSpecification.Parse(run.Layer);
        using var model = BuildModel(layer, run.Seed);
        var masks = new MaskRecorder(settings.Epochs);
        Callback[] watching = [.. watch?.Invoke(run) ?? [], .. run.Seed == settings.ShownSeed ? new[] { masks } : []];
        var trained = Train(model, train, settings.Epochs, run.Seed, watching, cancellationToken);
        var scores = TestScoring.Score(model, test, dataset.NumClasses, run.Seed);
        var result = ResultOf(layer, run.Seed, trained, scores) with
        {
            Examples = TestExamples.Of(model, test, dataset.Test),
            Masks = masks.Masks,
            Gaps = masks.Gaps,
        };
        return scores.ErrorMeanMask is not { } meanMask ? result : result with
        {
            Audit = new(meanMask, settings.NoiseEpochs == 0 ? null : TrainOnNoise(run with { IsNoiseControl = true }, watch, cancellationToken)),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        train.Dispose();
        test.Dispose();
    }

    private NoiseControl TrainOnNoise(ComparisonRun run, Func<ComparisonRun, IReadOnlyList<Callback>>? watch, CancellationToken cancellationToken)
    {
        using var scope = torch.NewDisposeScope();
        using var model = BuildModel(LayerSpecification.Parse(run.Layer), run.Seed);
        var rows = torch.tensor(Permutation.Of(dataset.Train.Count, run.Seed, SeedStream.Noise), device: device);
        using var noise = new TensorData(train.Inputs.alias(), train.Labels.index_select(0, rows));
        var epochs = settings.NoiseEpochs ?? settings.Epochs;
        Train(model, noise, epochs, run.Seed, watch?.Invoke(run) ?? [], cancellationToken);
        var scores = TestScoring.Score(model, test, dataset.NumClasses, run.Seed);
        return new(epochs, scores.Error, scores.ErrorLabelMask!.Value, scores.MaskFollowingRate!.Value);
    }

    private TrainedModel Train(
        nn.Module<Tensor, Tensor> model, TensorData data, int epochs, long seed, IReadOnlyList<Callback> callbacks, CancellationToken cancellationToken)
    {
        // The rows are divided by the true labels also where the model learns from others, so a noise control has the same parts.
        var split = protocol.Split(dataset.Train.Labels, seed);
        var fitRows = split.FitRows(ValidationCapture.IsNeededBy(model));
        using var fit = data.Select(fitRows);
        using var capture = data.Select(split.MaskStatistics);
        using var ownSelection = split.SharesSelection || !protocol.Selects ? null : data.Select(split.Selection);
        var selection = protocol.Selects ? ownSelection ?? capture : null;
        using var choice = new EpochSelection(selection, protocol.SelectsWithLabelMasks);
        var result = Trainer.Fit(
            model, new TrainingData(fit, capture, selection), OptionsOf(seed, epochs), [.. callbacks, choice], cancellationToken);
        choice.Restore(model);
        return new(result, choice.Epoch ?? result.History.Count - 1, choice.LabelMaskErrors, SplitCounts.Of(split, fitRows, dataset.Train, dataset.NumClasses));
    }

    private nn.Module<Tensor, Tensor> BuildModel(LayerSpecification layer, long seed)
    {
        Seeding.Seed(seed);
        var regularization = new Regularization(layer, settings.After, dataset.NumClasses, settings.P);
        var model = ModelCatalog.Find(settings.Model).Build(new(train.Inputs.shape[1..], dataset.NumClasses, settings.Hidden, regularization));
        if (settings.InitialStd is { } std)
        {
            GaussianInitialization.Apply(model, std);
        }

        // Epochs are selected without labels; the layer's own choice may read them.
        LabelMasks.HideLabels(model);
        return model.to(device);
    }

    private TrainerOptions OptionsOf(long seed, int epochs) => new()
    {
        Epochs = epochs,
        BatchSize = settings.BatchSize,
        Seed = seed,
        Optimizer = parameters => optim.Adam(parameters, settings.LearningRate, eps: settings.AdamEps),
        Schedule = new InverseTimeDecay(settings.Decay),
        Penalties = settings.FirstLayerL2 == 0
            ? []
            : [new(ModelCatalog.Find(settings.Model).FirstLayer) { WeightL2 = settings.FirstLayerL2, BiasL2 = settings.FirstLayerL2 }],
    };

    private RunResult ResultOf(LayerSpecification layer, long seed, TrainedModel trained, TestScores scores) => new(
        layer.ToString(),
        layer.P(settings.P),
        seed,
        trained.Fit.History.Count,
        trained.BestEpoch,
        scores.Error,
        scores.ErrorLabelMask,
        scores.MaskFollowingRate,
        trained.Fit.Seconds,
        trained.Split.Fit.Sum() * trained.Fit.History.Count / trained.Fit.Seconds,
        [.. trained.Fit.History.Zip(trained.LabelMaskErrors, HistoryPoint.Of)],
        scores.Confusion)
    {
        TestLoss = scores.Loss,
        Split = trained.Split,
    };

    /// <summary>How a model came to the weights it has now.</summary>
    private sealed record TrainedModel(FitResult Fit, int BestEpoch, IReadOnlyList<double?> LabelMaskErrors, SplitCounts Split);
}
