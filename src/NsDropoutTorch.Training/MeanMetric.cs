using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>A mean over samples.</summary>
public abstract class MeanMetric : IMetric
{
    private Tensor? sum;
    private long samples;

    /// <summary>The mean over all samples; NaN before the first evaluation and where there were no samples.</summary>
    public double Value { get; private set; } = double.NaN;

    /// <inheritdoc/>
    public void Begin(Device device) => (sum, samples) = (torch.zeros([], dtype: ScalarType.Float64, device: device), 0);

    /// <inheritdoc/>
    public void Add(Tensor outputs, Tensor labels)
    {
        sum!.add_(Sum(outputs, labels));
        samples += labels.shape[0];
    }

    /// <inheritdoc/>
    public void End()
    {
        Value = sum!.ToDouble() / samples;
        sum = null;
    }

    /// <summary>The sum over the samples of a batch, a scalar tensor.</summary>
    /// <param name="outputs">What the model gave, <c>[n,…]</c>.</param>
    /// <param name="labels">What was right, <c>[n]</c>.</param>
    protected abstract Tensor Sum(Tensor outputs, Tensor labels);
}
