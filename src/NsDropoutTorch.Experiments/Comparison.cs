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
        this.settings = settings;
        this.device = device;
        protocol = Protocol.Find(settings.Protocol);
        train = dataset.TrainTensors(device: device);
        test = dataset.TestTensors(device: device);
    }

    /// <summary>All runs, seed by seed within each layer.</summary>
    /// <param name="watch">Callbacks for each run; null: none.</param>
    /// <param name="cancellationToken">Ends the comparison after the current step.</param>
    /// <exception cref="OperationCanceledException">The comparison was cancelled.</exception>
    public IReadOnlyList<RunResult> Run(Func<ComparisonRun, IReadOnlyList<Callback>>? watch = null, CancellationToken cancellationToken = default)
    {
        var results = new List<RunResult>();
        foreach (var run in ComparisonRun.Of(settings))
        {
            results.Add(Run(run, watch?.Invoke(run) ?? [], cancellationToken));
        }

        return results;
    }

    /// <summary>One run. It seeds torch itself, so what ran before in this process, or in which process it runs, changes no figure.</summary>
    /// <param name="run">Layer and seed.</param>
    /// <param name="callbacks">Watch the run.</param>
    /// <param name="cancellationToken">Ends the run after the current step.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public RunResult Run(ComparisonRun run, IReadOnlyList<Callback> callbacks, CancellationToken cancellationToken = default) =>
        Run(LayerCatalog.Find(run.Layer), run.Seed, callbacks, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        train.Dispose();
        test.Dispose();
    }

    private RunResult Run(LayerKind layer, long seed, IReadOnlyList<Callback> callbacks, CancellationToken cancellationToken)
    {
        using var scope = torch.NewDisposeScope();
        Seeding.Seed(seed);
        using var model = BuildModel(layer);
        var split = protocol.Split(dataset.Train.Labels, seed);
        using var fit = train.Select(split.FitRows(ValidationCapture.IsNeededBy(model)));
        using var capture = train.Select(split.MaskStatistics);
        using var selection = split.SharesSelection ? null : train.Select(split.Selection);
        using var choice = new EpochSelection(selection ?? capture, protocol.SelectsWithLabelMasks);
        var result = Trainer.Fit(
            model, new TrainingData(fit, capture, selection ?? capture), OptionsOf(seed), [.. callbacks, choice], cancellationToken);
        choice.Restore(model);
        var scores = TestScoring.Score(model, test, dataset.NumClasses, seed);
        // Pictures are large: one seed of each layer is enough to look at, and the lowest is the same in any order.
        var examples = seed == settings.Seeds.Min() ? TestExamples.Of(model, test, dataset.Test) : null;
        return ResultOf(layer, seed, result, choice, scores, fit.Count * result.History.Count) with { Examples = examples };
    }

    private nn.Module<Tensor, Tensor> BuildModel(LayerKind layer)
    {
        var kind = ModelCatalog.Find(settings.Model);
        var model = kind.Build(new(
            train.Inputs.shape[1], dataset.NumClasses, settings.Hidden, width => layer.Create(new(width, dataset.NumClasses, settings.P))));
        GaussianInitialization.Apply(model, settings.InitialStd);
        // Epochs are selected without labels; the layer's own choice may read them.
        LabelMasks.SetMode(model, EvalMode.Identity);
        return model.to(device);
    }

    private TrainerOptions OptionsOf(long seed) => new()
    {
        Epochs = settings.Epochs,
        BatchSize = settings.BatchSize,
        Seed = seed,
        Optimizer = parameters => optim.Adam(parameters, settings.LearningRate, eps: settings.AdamEps),
        Schedule = new InverseTimeDecay(settings.Decay),
        Penalties = [new(ModelCatalog.Find(settings.Model).FirstLayer) { WeightL2 = settings.FirstLayerL2, BiasL2 = settings.FirstLayerL2 }],
    };

    private RunResult ResultOf(LayerKind layer, long seed, FitResult result, EpochSelection choice, TestScores scores, long samples) => new(
        layer.Name,
        layer.UsesP ? settings.P : 0,
        seed,
        result.History.Count,
        choice.Epoch ?? result.History.Count - 1,
        scores.Error,
        scores.ErrorLabelMask,
        scores.MaskFollowingRate,
        result.Seconds,
        samples / result.Seconds,
        [.. result.History.Zip(choice.LabelMaskErrors, HistoryPoint.Of)],
        scores.Confusion);
}
