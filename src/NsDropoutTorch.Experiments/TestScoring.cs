using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments;

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
        var (confusion, loss) = (new ConfusionCount(numClasses), new MeanLoss());
        Trainer.Evaluate(model, test, [confusion, loss]);
        var error = ConfusionMatrix.Error(confusion.Value);
        if (!LabelMasks.ReadLabels(model))
        {
            return new(error, confusion.Value, null, null, null) { Loss = loss.Value };
        }

        using var mislabelled = WithRandomLabels(test, numClasses, seed);
        return new(
            error,
            confusion.Value,
            ErrorWith(EvalMode.LabelMask, model, test),
            1 - ErrorWith(EvalMode.LabelMask, model, mislabelled),
            ErrorWith(EvalMode.MeanMask, model, test))
        {
            Loss = loss.Value,
        };
    }

    private static double ErrorWith(EvalMode mode, nn.Module<Tensor, Tensor> model, TensorData data)
    {
        using var masks = LabelMasks.Use(model, mode);
        return Trainer.Evaluate(model, data).Error;
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
