using NsDropoutTorch;
using NsDropoutTorch.Data;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SuddenDrops;

/// <summary>One training.</summary>
/// <param name="Variant">What was trained.</param>
/// <param name="Seed">Seed of the weights and of the parts of the data.</param>
/// <param name="Epochs">What each epoch measured.</param>
/// <param name="TestError">Error on the test part without labels, after the last epoch.</param>
/// <param name="TestErrorLabelMask">The same with masks of the true labels, which leaks; without such masks the same as <paramref name="TestError"/>.</param>
internal sealed record DropRun(Variant Variant, long Seed, IReadOnlyList<EpochFigures> Epochs, double TestError, double TestErrorLabelMask)
{
    /// <summary>Accuracy as the notebooks measure it, with masks of the true labels where there are masks.</summary>
    public IReadOnlyList<double> Accuracy => [.. Epochs.Select(epoch => epoch.Accuracy)];

    /// <summary>Epochs after <paramref name="from"/> in which the training loss was more than half as large again as the epoch before, and no longer next to nothing.</summary>
    public int Jumps(int from) => Enumerable.Range(from + 1, Math.Max(0, Epochs.Count - from - 1))
        .Count(epoch => Epochs[epoch].Loss > Jump * Epochs[epoch - 1].Loss && Epochs[epoch].Loss > LeastLoss);

    private const double Jump = 1.5, LeastLoss = 0.02;
}

/// <summary>Figures of an epoch, on the part that is held out for mask statistics but for the loss.</summary>
/// <param name="Accuracy">With masks of the true labels, where there are masks.</param>
/// <param name="LabelFree">Without labels.</param>
/// <param name="Loss">Training loss.</param>
/// <param name="Step">Its last step.</param>
internal sealed record EpochFigures(double Accuracy, double LabelFree, double Loss, StepRecord Step);

/// <summary>Trains variants as the notebooks do: a part of the training set by seed, four fifths of it fitted to and one fifth held out, which gives the mask statistics and scores epochs.</summary>
/// <param name="samples">The data; the test set only scores the last weights.</param>
/// <param name="epochs">Epochs of variants that name none.</param>
internal sealed class DropLab(Samples samples, int epochs)
{
    private const long SplitStream = -1;
    private const double Decay = 5e-7, Penalty = 5e-4, SgdMomentum = 0.9;

    /// <summary>Trains one variant from one seed.</summary>
    /// <param name="variant">The variant.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="measuresSharpness">Whether the sharpness is measured after every epoch, which takes most of the time.</param>
    public DropRun Train(Variant variant, long seed, bool measuresSharpness)
    {
        using var scope = NewDisposeScope();
        var order = Permutation.Of((int)samples.Train.Count, seed, SplitStream).Take(samples.Kept).ToArray();
        using var fit = samples.Train.Select(order[..(order.Length * 4 / 5)]);
        using var held = samples.Train.Select(order[(order.Length * 4 / 5)..]);
        using var model = Network.Build(variant, samples.Train.Inputs.size(1), samples.Classes, seed);
        using var sharpness = measuresSharpness ? new Sharpness(fit) : null;
        using var log = new StepLog(variant, sharpness);
        var labelled = new LabelMaskAccuracy(held);
        var result = Trainer.Fit(model, new TrainingData(fit, held, held), Options(variant, seed), [log, labelled]);
        return new(
            variant,
            seed,
            [.. result.History.Select((record, i) => new EpochFigures(labelled.Accuracies[i], 1 - record.SelectionError!.Value, record.TrainLoss, log.Records[i]))],
            Trainer.Evaluate(model, samples.Test).Error,
            LabelMaskAccuracy.ErrorOf(model, samples.Test));
    }

    /// <summary>Trains one variant from each of several seeds.</summary>
    /// <param name="variant">The variant.</param>
    /// <param name="seeds">First and last seed.</param>
    /// <param name="measuresSharpness">As of one seed.</param>
    public IReadOnlyList<DropRun> Train(Variant variant, (int First, int Last) seeds, bool measuresSharpness) =>
        [.. Enumerable.Range(seeds.First, seeds.Last - seeds.First + 1).Select(seed => Train(variant, seed, measuresSharpness))];

    private TrainerOptions Options(Variant variant, long seed) => new()
    {
        Epochs = variant.Epochs ?? epochs,
        BatchSize = variant.Batch,
        Seed = seed,
        Optimizer = parameters => variant.Sgd
            ? optim.SGD(parameters, variant.Rate, SgdMomentum)
            : optim.FusedAdam(parameters, variant.Rate, variant.Beta1, variant.Beta2, variant.Eps, amsgrad: variant.AmsGrad),
        Schedule = variant.Cosine ? new CosineDecay(variant.Epochs ?? epochs) : new InverseTimeDecay(Decay),
        Penalties = [new(Network.FirstLayer) { WeightL2 = Penalty, BiasL2 = Penalty }],
        Clipping = variant.Clip is { } norm ? new ClipByNorm(norm) : null,
    };
}

/// <summary>Measures a part after every epoch with masks of the true labels.</summary>
/// <param name="part">The part.</param>
internal sealed class LabelMaskAccuracy(TensorData part) : Callback
{
    private readonly List<double> accuracies = [];

    /// <summary>One for each epoch; without masks the accuracy as it is.</summary>
    public IReadOnlyList<double> Accuracies => accuracies;

    public override void OnEpochEnd(FitContext context, EpochRecord record) =>
        accuracies.Add(1 - (Network.MasksOf(context.Model).Any() ? ErrorOf((Sequential)context.Model, part) : record.SelectionError!.Value));

    /// <summary>Error of a model with masks of the true labels.</summary>
    public static double ErrorOf(Sequential model, TensorData data)
    {
        foreach (var masks in Network.MasksOf(model)) masks.Layer.EvalMode = EvalMode.LabelMask;
        var error = Trainer.Evaluate(model, data).Error;
        foreach (var masks in Network.MasksOf(model)) masks.Layer.EvalMode = EvalMode.Identity;
        return error;
    }
}
