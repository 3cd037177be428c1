using System.Text.Json;
using System.Text.Json.Nodes;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Models;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Optimizers;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Runs;

/// <summary>Trains a network as a comparison's settings say.</summary>
/// <param name="settings">The settings.</param>
/// <param name="train">The training set, whose labels divide it.</param>
/// <param name="numClasses">Number of classes.</param>
internal sealed class RunTraining(ComparisonSettings settings, SampleSet train, int numClasses)
{
    private readonly Protocol protocol = settings.Protocol;

    /// <summary>Trains <paramref name="model"/> in place and leaves it with the weights of the epoch that the protocol chooses; of the last, where it diverges.</summary>
    /// <param name="model">The network, on the device of the data.</param>
    /// <param name="data">The whole training set, with the labels to learn.</param>
    /// <param name="epochs">Epochs to train.</param>
    /// <param name="run">Its seed decides split and order, its layer whether a rate is searched.</param>
    /// <param name="callbacks">Watch the training.</param>
    /// <param name="resumeFrom">The checkpoint to go on from; null: it begins at the beginning.</param>
    /// <param name="cancellationToken">Ends it after the current step.</param>
    public TrainedModel Train(
        nn.Module<Tensor, Tensor> model, TensorData data, int epochs, ComparisonRun run, IReadOnlyList<Callback> callbacks, string? resumeFrom, CancellationToken cancellationToken)
    {
        // The rows are divided by the true labels also where the model learns from others, so a noise control has the same parts.
        var split = protocol.Split(train.Labels, run.Seed, settings.TrainSamples).For(ValidationCapture.IsNeededBy(model), LabelMasks.ReadLabels(model));
        using var fit = data.Select(split.Fit);
        Standardize(model, fit.Inputs);
        using var capture = data.Select(split.MaskStatistics);
        using var ownSelection = split.SharesSelection || !protocol.Selects ? null : data.Select(split.Selection);
        var selection = protocol.Selects ? ownSelection ?? capture : null;
        using var search = run.Layer.Kind.FindsRate ? new RateSearch(fit, run.Seed) : null;
        var firstEpoch = search is null ? 0 : GapMatchedRate.SearchEpochs(epochs);
        var watch = new DivergenceWatch(run.Seed);
        using var choice = new EpochSelection(selection, protocol.SelectsWithLabelMasks, watch) { FirstEpoch = firstEpoch };
        var result = Trainer.Fit(
            model,
            new TrainingData(search?.Batches ?? fit, capture, selection),
            OptionsOf(run.Seed, epochs) with { ResumeFrom = resumeFrom },
            [.. callbacks, .. search?.Callbacks ?? [], watch, choice, .. Stopping(firstEpoch)],
            cancellationToken);
        if (watch.Found is null)
        {
            choice.Restore(model);
        }

        var last = result.History.Count - 1;
        return new(
            result,
            watch.Found is null ? choice.Epoch ?? last : last,
            choice.LabelMaskErrors,
            SplitCounts.Of(split, train, numClasses),
            RateSearch.RatesOf(search, model),
            watch.Found);
    }

    private void Standardize(nn.Module model, Tensor inputs)
    {
        foreach (var (_, input) in NamedModules.Of<InputStandardization>(model))
        {
            input.FitTo(inputs, train is ImageSet images ? images.Channels : inputs.shape[1]);
        }
    }

    // Where nothing selects there is nothing to go by.
    private IEnumerable<Callback> Stopping(int firstEpoch) =>
        settings.Patience is { } patience && protocol.Selects ? [new EarlyStopping(patience) { FirstEpoch = firstEpoch }] : [];

    private TrainerOptions OptionsOf(long seed, int epochs) => new()
    {
        Epochs = epochs,
        BatchSize = settings.BatchSize,
        Seed = seed,
        Optimizer = parameters => optim.FusedAdam(parameters, settings.LearningRate, eps: settings.AdamEps),
        Schedule = new InverseTimeDecay(settings.Decay),
        Penalties = settings.FirstLayerL2 == 0
            ? []
            : [new(settings.Model.FirstLayer) { WeightL2 = settings.FirstLayerL2, BiasL2 = settings.FirstLayerL2 }],
    };
}

/// <summary>How a model came to the weights it has now.</summary>
/// <param name="Fit">The training.</param>
/// <param name="BestEpoch">The epoch they are of.</param>
/// <param name="LabelMaskErrors">Selection errors with label masks by epoch; null where they were not measured.</param>
/// <param name="Split">Samples of each class in the parts of the training set.</param>
/// <param name="FoundRates">The rates of the layers after each epoch, where they were searched; else empty.</param>
/// <param name="Diverged">Where it diverged, and then the weights are those of the last epoch; null: it did not.</param>
internal sealed record TrainedModel(FitResult Fit, int BestEpoch, IReadOnlyList<double?> LabelMaskErrors, SplitCounts Split, IReadOnlyList<NamedValues> FoundRates, Divergence? Diverged);

/// <summary>
/// Chooses the epoch whose weights are scored: the one with the lowest selection error, without labels or, as the notebooks do it, with
/// masks of the true labels where a layer has such masks; without a selection part it chooses none.
/// </summary>
/// <param name="selection">The selection part, on the model's device; null: there is none.</param>
/// <param name="withLabelMasks">Whether label masks choose; they are measured only then.</param>
/// <param name="watch">Told of the loss with label masks.</param>
internal sealed class EpochSelection(TensorData? selection, bool withLabelMasks, DivergenceWatch watch) : Callback, IStateful, IDisposable
{
    private readonly BestWeights best = new();
    private readonly List<double?> labelMaskErrors = [];

    /// <summary>The first epoch that can be chosen, from 0.</summary>
    public int FirstEpoch { get; init; }

    /// <summary>The epoch chosen so far.</summary>
    public int? Epoch => best.Epoch;

    /// <summary>Errors with label masks by epoch; null where they were not measured.</summary>
    public IReadOnlyList<double?> LabelMaskErrors => labelMaskErrors;

    /// <inheritdoc/>
    public string Key => nameof(EpochSelection);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> StateTensors => best.StateTensors;

    /// <inheritdoc/>
    public void ResetState()
    {
        best.ResetState();
        labelMaskErrors.Clear();
    }

    /// <inheritdoc/>
    public JsonNode SaveState() => new JsonObject { ["best"] = best.SaveState(), ["labelMaskErrors"] = JsonSerializer.SerializeToNode(labelMaskErrors) };

    /// <inheritdoc/>
    public void LoadState(JsonNode state, IReadOnlyDictionary<string, Tensor> tensors)
    {
        best.LoadState(state["best"]!, tensors);
        labelMaskErrors.AddRange(state["labelMaskErrors"].Deserialize<double?[]>()!);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        var labelMasks = withLabelMasks && selection is not null && LabelMasks.ReadLabels(context.Model) ? WithLabelMasks((nn.Module<Tensor, Tensor>)context.Model, selection) : null;
        watch.Look(context, record.Epoch, labelMasks?.Loss, "selection loss with label masks");
        labelMaskErrors.Add(labelMasks?.Error);
        if (record.Epoch >= FirstEpoch && (labelMasks?.Error ?? record.SelectionError) is { } error)
        {
            best.Consider(context.Model, record.Epoch, error);
        }
    }

    /// <summary>Puts the weights of the chosen epoch back; without a selection part they are those of the last.</summary>
    public void Restore(nn.Module model)
    {
        if (selection is not null)
        {
            best.Restore(model);
        }
    }

    public void Dispose() => best.Dispose();

    private static Evaluation WithLabelMasks(nn.Module<Tensor, Tensor> model, TensorData selection)
    {
        using var mode = LabelMasks.Use(model, EvalMode.LabelMask);
        return Trainer.Evaluate(model, selection);
    }
}
