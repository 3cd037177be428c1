using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Metrics;

/// <summary>
/// A measurement accumulated over batches on the device: <see cref="Begin"/>, <see cref="Add"/> for every batch, <see cref="End"/>, all within one dispose scope that owns its tensors.
/// Afterwards the metric holds its result as plain numbers. It can be used again.
/// </summary>
public interface IMetric
{
    /// <summary>Forgets everything and makes the accumulators.</summary>
    /// <param name="device">Where the batches will be.</param>
    void Begin(Device device);

    /// <summary>Adds a batch, without reading anything back from the device.</summary>
    /// <param name="outputs">What the model gave, <c>[n,…]</c>.</param>
    /// <param name="labels">What was right, <c>[n]</c>.</param>
    void Add(Tensor outputs, Tensor labels);

    /// <summary>Reads the result: the one copy to the host.</summary>
    void End();
}
