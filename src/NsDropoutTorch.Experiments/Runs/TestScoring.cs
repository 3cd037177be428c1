using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Models;
using NsDropoutTorch.Experiments.Statistics;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Runs;

/// <summary>Scores a trained model without labels and, where a layer can read labels, with them, so that the difference is seen.</summary>
public static class TestScoring
{
    /// <summary>The scores of <paramref name="model"/>; masking layers that would read labels are set to <see cref="EvalMode.Identity"/> and left there.</summary>
    /// <param name="model">Maps inputs to logits <c>[N,C]</c>.</param>
    /// <param name="test">The test set, on the model's device.</param>
    /// <param name="numClasses">Number of classes C.</param>
    /// <param name="seed">Seed of the random labels.</param>
    public static TestScores Score(nn.Module<Tensor, Tensor> model, TensorData test, int numClasses, long seed)
    {
        LabelMasks.HideLabels(model);
        var (confusion, loss) = (new ConfusionMatrix(numClasses), new MeanLoss());
        Trainer.Evaluate(model, test, [confusion, loss]);
        var error = ConfusionMatrix.Error(confusion.Value);
        if (!LabelMasks.ReadLabels(model))
        {
            return new(error, confusion.Value, null, null, null) { Loss = loss.Value, NotFinite = NotFinite(model, (loss.Value, "test loss")) };
        }

        using var mislabelled = WithRandomLabels(test, numClasses, seed);
        var labelMask = With(EvalMode.LabelMask, model, test);
        var randomMask = With(EvalMode.LabelMask, model, mislabelled);
        var meanMask = With(EvalMode.MeanMask, model, test);
        return new(error, confusion.Value, labelMask.Error, 1 - randomMask.Error, meanMask.Error)
        {
            Loss = loss.Value,
            NotFinite = NotFinite(
                model,
                (loss.Value, "test loss"),
                (labelMask.Loss, "test loss with label masks"),
                (randomMask.Loss, "test loss with random label masks"),
                (meanMask.Loss, "test loss with the mean mask")),
        };
    }

    private static string? NotFinite(nn.Module model, params (double Loss, string Name)[] losses) =>
        DivergenceWatch.HasFiniteWeights(model) ? losses.FirstOrDefault(loss => !double.IsFinite(loss.Loss)).Name : "weights";

    private static Evaluation With(EvalMode mode, nn.Module<Tensor, Tensor> model, TensorData data)
    {
        using var masks = LabelMasks.Use(model, mode);
        return Trainer.Evaluate(model, data);
    }

    private static TensorData WithRandomLabels(TensorData data, int numClasses, long seed)
    {
        using var scope = torch.NewDisposeScope();
        var random = new SeededRandom(seed, SeedStream.RandomLabels);
        var labels = new long[data.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = random.Below(numClasses);
        }

        return new(data.Inputs.alias(), torch.tensor(labels, device: data.Labels.device));
    }
}

/// <summary>What a trained model scores on the test set. Errors and rates are fractions in [0, 1].</summary>
/// <param name="Error">Error without labels: the only figure that says how the model generalises.</param>
/// <param name="Confusion">Counts without labels; entry [i][j] is of true class i predicted as j.</param>
/// <param name="ErrorLabelMask">Error with masks chosen by the true label: it leaks the answer. Null for models that never see labels.</param>
/// <param name="MaskFollowingRate">
/// How often the prediction is the label whose mask was applied, under random labels: 1/C for a model that does not look at the mask, 1 for one that reads
/// nothing else. Null for models that never see labels.
/// </param>
/// <param name="ErrorMeanMask">Error with the mean of all masks, which needs no label. Null for models that never see labels.</param>
public sealed record TestScores(
    double Error,
    IReadOnlyList<IReadOnlyList<long>> Confusion,
    double? ErrorLabelMask,
    double? MaskFollowingRate,
    double? ErrorMeanMask)
{
    /// <summary>Mean cross-entropy without labels.</summary>
    public required double Loss { get; init; }

    /// <summary>What was not finite: weights, or a loss without labels or with masks; null: everything was.</summary>
    public string? NotFinite { get; init; }
}
