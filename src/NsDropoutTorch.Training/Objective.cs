using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>What training minimises and what it counts as an error.</summary>
/// <param name="Loss">From outputs and labels of a batch to the mean loss of its samples, a scalar tensor.</param>
/// <param name="CountErrors">From outputs and labels of a batch to the number of samples that are wrong, a scalar tensor.</param>
public sealed record Objective(Func<Tensor, Tensor, Tensor> Loss, Func<Tensor, Tensor, Tensor> CountErrors)
{
    /// <summary>
    /// Cross entropy of logits <c>[N,C]</c> with class indices <c>[N]</c>; a sample is wrong when the largest logit is not that of its label.
    /// </summary>
    public static Objective Classification { get; } = new(
        static (logits, labels) => nn.functional.cross_entropy(logits, labels),
        static (logits, labels) => logits.argmax(1).ne(labels).sum());
}

/// <summary>How a model does on data it was not fitted to.</summary>
/// <param name="Loss">Mean loss per sample, without penalties.</param>
/// <param name="Error">Part of the samples that are wrong, in [0, 1].</param>
/// <param name="Count">Number of samples.</param>
public sealed record Evaluation(double Loss, double Error, long Count);
