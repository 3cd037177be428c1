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
    /// <param name="labels">What was right, <c>[n,…]</c>.</param>
    void Add(Tensor outputs, Tensor labels);

    /// <summary>Reads the result: the one copy to the host.</summary>
    void End();
}

/// <summary>A metric that is one number. Listed in <see cref="TrainerOptions.Metrics"/> it is measured in every epoch, and appears by its name in history, progress and logs.</summary>
public interface IScalarMetric : IMetric
{
    /// <summary>Its name, for instance <c>accuracy</c>; unique within a run.</summary>
    string Name { get; }

    /// <summary>The number last read; NaN before.</summary>
    double Value { get; }

    /// <summary>Whether more is better; false where less is.</summary>
    bool HigherIsBetter { get; }

    /// <summary>What has been gathered since <see cref="IMetric.Begin"/>, by name, so that a checkpoint in the middle of an epoch can hold it; empty after <see cref="IMetric.End"/>.</summary>
    IReadOnlyDictionary<string, Tensor> Gathered { get; }

    /// <summary>Goes on from what <see cref="Gathered"/> held; called after <see cref="IMetric.Begin"/>.</summary>
    /// <param name="gathered">On the device of the batches; freed after the call, so copy what is to be kept.</param>
    void Resume(IReadOnlyDictionary<string, Tensor> gathered);
}
