using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Sums of loss, penalty and errors that stay on the device: adding waits for nothing, and <see cref="Read"/> is the one copy to the host.
/// Its tensors live as long as the dispose scope it was made in.
/// </summary>
internal sealed class EpochMeter(Device device)
{
    private readonly Tensor loss = Zero(device);
    private readonly Tensor penalty = Zero(device);
    private readonly Tensor errors = Zero(device);
    private long samples;

    public void Add(Tensor batchLoss, Tensor? batchPenalty, Tensor batchErrors, long batchCount)
    {
        loss.add_(batchLoss, alpha: batchCount);
        errors.add_(batchErrors);
        if (batchPenalty is not null)
        {
            penalty.add_(batchPenalty, alpha: batchCount);
        }

        samples += batchCount;
    }

    /// <summary>Means over the samples added so far; NaN where there are none.</summary>
    public Totals Read()
    {
        using var scope = torch.NewDisposeScope();
        var sums = torch.stack([loss, penalty, errors]).cpu().data<double>();
        return new(sums[0] / samples, sums[1] / samples, sums[2] / samples, samples);
    }

    private static Tensor Zero(Device device) => torch.zeros([], dtype: ScalarType.Float64, device: device);

    /// <summary>Means per sample.</summary>
    internal sealed record Totals(double Loss, double Penalty, double Error, long Samples);
}
