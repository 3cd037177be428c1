using NsDropoutTorch.Training.Data;

namespace NsDropoutTorch.Training;

/// <summary>What must hold of the data before the first step, said in sentences rather than found out by a native error mid-way.</summary>
internal static class TrainingDataCheck
{
    public static void Check(TrainingData data, bool needsCapture)
    {
        CheckPart(data.Fit.Tensors, "fit");
        CheckPart(data.Capture, "capture");
        CheckPart(data.Selection, "selection");
        if (needsCapture && data.Capture is null)
        {
            throw Require.Broken(
                "capture data must be given for a model with layers that learn from validation activations, but got none; set TrainingData.Capture.");
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

    private static void CheckPart(TensorData? part, string name)
    {
        if (part is null)
        {
            return;
        }

        var (inputs, labels) = (part.Inputs.shape[0], part.Labels.shape[0]);
        if (inputs != labels || inputs == 0)
        {
            throw Require.Broken(Invariant($"the {name} part must hold at least one sample and as many labels as inputs, but got {inputs} inputs and {labels} labels."));
        }
    }
}
