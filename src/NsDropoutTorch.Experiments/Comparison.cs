using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Audit;
using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Models;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Statistics;
using NsDropoutTorch.Training;
using TorchSharp;
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
    private readonly string? models;
    private readonly RunTraining training;
    private readonly TensorData train;
    private readonly TensorData test;

    /// <summary>Where unfinished runs are kept and taken up again; null: nowhere, and a run that was stopped begins anew.</summary>
    public RunCheckpoints? Checkpoints { get; init; }

    /// <summary>A comparison on <paramref name="dataset"/>.</summary>
    /// <param name="dataset">Training and test set.</param>
    /// <param name="settings">What to compare and how.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="models">An existing folder that gets the trained network of each run, for <see cref="ModelRecipe"/> to read; null: none are kept.</param>
    /// <exception cref="UserErrorException">The network needs images, and the data has none.</exception>
    /// <exception cref="DataFormatException">A part of the data has fewer than two classes, or the test part one that training lacks.</exception>
    public Comparison(Dataset dataset, ComparisonSettings settings, Device device, string? models = null)
    {
        dataset.CheckVariety();
        this.models = models;
        this.dataset = dataset;
        this.settings = settings.CheckPlaces();
        this.device = device;
        training = new(settings, dataset.Train, dataset.NumClasses);
        var flatten = settings.Model.Flattens(dataset);
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
        using var model = BuildModel(run);
        var masks = new MaskRecorder(settings.Epochs);
        Callback[] watching = [.. watch?.Invoke(run) ?? [], .. run.Seed == settings.ShownSeed ? new[] { masks } : []];
        var trained = training.Train(model, train, settings.Epochs, run, [.. watching, .. Saving(run, model, cancellationToken)], Checkpoints?.ResumeFrom(run), cancellationToken);
        var scores = TestScoring.Score(model, test, dataset.NumClasses, run.Seed);
        var result = ResultOf(run, trained, scores) with
        {
            Diverged = DivergenceOf(run, trained, scores),
            Examples = TestExamples.Of(model, test, dataset.Test),
            Masks = masks.Masks,
            Gaps = masks.Gaps,
        };
        Keep(run, model, result.Diverged);
        if (result.Diverged is { } diverged)
        {
            return result.WithoutResult(diverged);
        }

        return scores.ErrorMeanMask is not { } meanMask ? result : result with
        {
            Audit = new(meanMask, settings.NoiseEpochs == 0 ? null : TrainOnNoise(run with { IsNoiseControl = true }, watch, cancellationToken)),
        };
    }

    /// <summary>How the network of a run is built.</summary>
    /// <param name="layer">The layer, as <see cref="LayerSpecification"/> writes it.</param>
    /// <param name="seed">The seed.</param>
    public ModelRecipe RecipeOf(LayerSpecification layer, long seed) =>
        new(ComparisonResults.CurrentSchema, layer, seed, train.Inputs.shape[1..], dataset.NumClasses, settings)
        {
            ClassNames = dataset.ClassNames,
            FeatureNames = (dataset as TabularDataset)?.FeatureNames,
        };

    /// <summary>
    /// The leakage audit of a trained network: its scores on this comparison's test set with and without labels, and the noise control, which trains it anew as its recipe says.
    /// </summary>
    /// <param name="recipe">How the network was made.</param>
    /// <param name="model">The network.</param>
    /// <param name="watch">Callbacks for the noise control; null: none.</param>
    /// <param name="cancellationToken">Ends the audit after the current step.</param>
    /// <exception cref="UserErrorException">The network does not take the samples of the data set.</exception>
    /// <exception cref="OperationCanceledException">The audit was cancelled.</exception>
    public LayerAudit Audit(
        ModelRecipe recipe,
        nn.Module<Tensor, Tensor> model,
        Func<ComparisonRun, IReadOnlyList<Callback>>? watch = null,
        CancellationToken cancellationToken = default)
    {
        recipe.CheckFits(dataset, train.Inputs.shape[1..]);
        using var scope = torch.NewDisposeScope();
        var scores = TestScoring.Score(model.to(device), test, dataset.NumClasses, recipe.Seed);
        if ((recipe.Diverged ?? (scores.NotFinite is { } what ? new(recipe.Seed, null, what) : null)) is { } diverged)
        {
            return LayerAudit.Of(recipe.Layer.ToString(), [diverged]);
        }

        var hasControl = scores.MaskFollowingRate is not null && settings.NoiseEpochs != 0;
        var run = new ComparisonRun(recipe.Layer, recipe.Seed, 1, 1) { IsNoiseControl = true };
        return LayerAudit.Of(recipe.Layer.ToString(), scores, hasControl ? TrainOnNoise(run, watch, cancellationToken) : null);
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
        using var model = BuildModel(run);
        var rows = torch.tensor(Permutation.Of(dataset.Train.Count, run.Seed, SeedStream.Noise), device: device);
        using var noise = new TensorData(train.Inputs.alias(), train.Labels.index_select(0, rows));
        var epochs = settings.NoiseEpochs ?? settings.Epochs;
        Callback[] watching = [.. watch?.Invoke(run) ?? [], .. Saving(run, model, cancellationToken)];
        var trained = training.Train(model, noise, epochs, run, watching, Checkpoints?.ResumeFrom(run), cancellationToken);
        var scores = TestScoring.Score(model, test, dataset.NumClasses, run.Seed);
        return DivergenceOf(run, trained, scores) is { } diverged
            ? NoiseControl.Of(diverged, epochs)
            : new(trained.Fit.History.Count, scores.Error, scores.ErrorLabelMask!.Value, scores.MaskFollowingRate!.Value);
    }

    // The end of a training is kept where its noise control follows.
    private Callback[] Saving(ComparisonRun run, nn.Module model, CancellationToken cancellationToken) => Checkpoints is null
        ? []
        : [Checkpoints.Saving(run, !run.IsNoiseControl && settings.NoiseEpochs != 0 && LabelMasks.ReadLabels(model), cancellationToken)];

    // The test set may show what the epochs did not.
    private static Divergence? DivergenceOf(ComparisonRun run, TrainedModel trained, TestScores scores) =>
        trained.Diverged ?? (scores.NotFinite is { } what ? new(run.Seed, trained.BestEpoch, what) : null);

    private void Keep(ComparisonRun run, nn.Module model, Divergence? diverged)
    {
        if (models is not null)
        {
            var path = Path.Combine(models, run.FileStem + ModelRecipe.Extension);
            (RecipeOf(run.Layer, run.Seed) with { Diverged = diverged }).Save(path, model);
        }
    }

    private nn.Module<Tensor, Tensor> BuildModel(ComparisonRun run) => RecipeOf(run.Layer, run.Seed).Build().to(device);

    private RunResult ResultOf(ComparisonRun run, TrainedModel trained, TestScores scores) => new(
        run.Layer.ToString(),
        run.Layer.P(settings.P),
        run.Seed,
        trained.Fit.History.Count,
        trained.BestEpoch,
        scores.Error,
        scores.ErrorLabelMask,
        scores.MaskFollowingRate,
        trained.Fit.Seconds,
        trained.Split.Fit.Sum() * trained.Fit.History.Count / trained.Fit.Seconds,
        [.. trained.Fit.History.Zip(trained.LabelMaskErrors, HistoryPoint.Of).Select((point, epoch) => trained.FoundRates.Count == 0 ? point : point with { LearnedRates = trained.FoundRates[epoch] })],
        scores.Confusion)
    {
        TestLoss = scores.Loss,
        Split = trained.Split,
    };
}
