using NsDropoutTorch.Data;

namespace NsDropoutTorch.Training;

/// <summary>
/// The parts of the data that a training run may see; the test part is not among them, so no callback can look at it.
/// They lie on the device of the model, or on the host and are copied there piece by piece, and belong to the caller.
/// </summary>
/// <param name="Fit">What the weights are fitted to: tensors, or any source of batches.</param>
/// <param name="MaskStatistics">
/// What layers that learn from validation activations (<see cref="ValidationCapture"/>) are shown after each epoch, with its labels; other models never see it. Its labels choose
/// masks, so it is training data: never the part whose error is reported. <see cref="TensorData.Split"/> takes it off the training part.
/// </param>
/// <param name="Selection">
/// What scores each epoch: tensors, or any source of batches. When it is the same data as <paramref name="MaskStatistics"/>, one pass over it serves both, and its error is that of labels which the model has seen.
/// </param>
public sealed record TrainingData(BatchSource Fit, TensorData? MaskStatistics = null, BatchSource? Selection = null);

/// <summary>What must hold of the data before the first step, said in sentences rather than found out by a native error mid-way.</summary>
internal static class TrainingDataCheck
{
    public static void Check<TBatch>(TrainingTask<TBatch> task, bool needsCapture)
    {
        if (!task.Model.parameters().Any())
        {
            throw Require.Broken(
                $"a model must have parameters to be trained, but {task.Model.GetName()} has none; where layers are in its fields, call RegisterComponents() at the end of its constructor; "
                + "a ModuleList alone has none, so put it into a field of a module.");
        }

        CheckPart(task.Fit, "fit");
        CheckPart(task.MaskStatistics, "mask statistics");
        CheckPart(task.Selection, "selection");
        if (needsCapture && task.MaskStatistics is null)
        {
            throw Require.Broken(
                "mask statistics must be given for a model with layers that learn from validation activations (NSDropout), but got none; "
                + "take them off the training part by var (fit, statistics) = train.Split(0.2) and pass maskStatistics: statistics, or set TrainingData.MaskStatistics; their labels choose masks, so they are never the part whose error you report.");
        }
    }

    /// <summary>Whether there is anything to measure; a mean over nothing is no number.</summary>
    public static void CheckMeasurable(TensorData data)
    {
        if (data.Count == 0)
        {
            throw Require.Broken("data to measure on must hold at least one sample, but got none.");
        }
    }

    private static void CheckPart<TBatch>(BatchSource<TBatch>? part, string name)
    {
        if (part?.Tensors is not { } tensors)
        {
            return;
        }

        var (inputs, labels) = (tensors[0].shape[0], tensors[^1].shape[0]);
        if (inputs != labels || inputs == 0)
        {
            throw Require.Broken(Invariant($"the {name} part must hold at least one sample and as many labels as inputs, but got {inputs} inputs and {labels} labels."));
        }
    }
}
