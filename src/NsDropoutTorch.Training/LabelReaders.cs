using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>Models with layers that read the labels of a batch (<see cref="IReadsLabels"/>); to all others, targets are but what the loss compares with.</summary>
internal static class LabelReaders
{
    public static bool AreIn(nn.Module model) => model.modules().Prepend(model).Any(module => module is IReadsLabels { UsesLabels: true });
}
