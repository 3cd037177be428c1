using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>What must hold of a batch that somebody else made.</summary>
internal static class SequenceBatch
{
    public static Batch Checked((Tensor Inputs, Tensor Labels) batch)
    {
        var (inputs, labels) = (batch.Inputs.shape, batch.Labels.shape);
        return inputs.Length > 0 && labels.Length > 0 && inputs[0] == labels[0] && inputs[0] > 0
            ? new(batch.Inputs, batch.Labels)
            : throw Require.Broken(
                "a batch must hold at least one sample and as many labels as inputs, " +
                $"but got inputs of shape [{string.Join(',', inputs)}] and labels of shape [{string.Join(',', labels)}].");
    }
}
