using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Models;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Training;
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
    /// <param name="seed">Seed of split and order.</param>
    /// <param name="callbacks">Watch the training.</param>
    /// <param name="cancellationToken">Ends it after the current step.</param>
    public TrainedModel Train(
        nn.Module<Tensor, Tensor> model, TensorData data, int epochs, long seed, IReadOnlyList<Callback> callbacks, CancellationToken cancellationToken)
    {
        // The rows are divided by the true labels also where the model learns from others, so a noise control has the same parts.
        var split = protocol.Split(train.Labels, seed);
        var fitRows = split.FitRows(ValidationCapture.IsNeededBy(model));
        using var fit = data.Select(fitRows);
        Standardize(model, fit.Inputs);
        using var capture = data.Select(split.MaskStatistics);
        using var ownSelection = split.SharesSelection || !protocol.Selects ? null : data.Select(split.Selection);
        var selection = protocol.Selects ? ownSelection ?? capture : null;
        var watch = new DivergenceWatch(seed);
        using var choice = new EpochSelection(selection, protocol.SelectsWithLabelMasks, watch);
        var result = Trainer.Fit(
            model, new TrainingData(fit, capture, selection), OptionsOf(seed, epochs), [.. callbacks, watch, choice, .. Stopping()], cancellationToken);
        if (watch.Found is null)
        {
            choice.Restore(model);
        }

        var last = result.History.Count - 1;
        return new(
            result,
            watch.Found is null ? choice.Epoch ?? last : last,
            choice.LabelMaskErrors,
            SplitCounts.Of(split, fitRows, train, numClasses),
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
    private IEnumerable<Callback> Stopping() => settings.Patience is { } patience && protocol.Selects ? [new EarlyStopping(patience)] : [];

    private TrainerOptions OptionsOf(long seed, int epochs) => new()
    {
        Epochs = epochs,
        BatchSize = settings.BatchSize,
        Seed = seed,
        Optimizer = parameters => optim.Adam(parameters, settings.LearningRate, eps: settings.AdamEps),
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
/// <param name="Diverged">Where it diverged, and then the weights are those of the last epoch; null: it did not.</param>
internal sealed record TrainedModel(FitResult Fit, int BestEpoch, IReadOnlyList<double?> LabelMaskErrors, SplitCounts Split, Divergence? Diverged);
