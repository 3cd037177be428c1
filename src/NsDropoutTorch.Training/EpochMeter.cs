using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Sums of loss, penalty and errors that stay on the device: adding waits for nothing, and <see cref="Read"/> is the one copy to the host.
/// It outlives the dispose scope it was made in.
/// </summary>
internal sealed class EpochMeter(Device device) : IDisposable
{
    private readonly Tensor loss = Zero(device);
    private readonly Tensor penalty = Zero(device);
    private readonly Tensor errors = Zero(device);

    public long Samples { get; private set; }

    /// <summary>The sums themselves, by name; they stay the meter's own.</summary>
    public IReadOnlyDictionary<string, Tensor> Sums =>
        new Dictionary<string, Tensor>(StringComparer.Ordinal) { [nameof(loss)] = loss, [nameof(penalty)] = penalty, [nameof(errors)] = errors };

    public void Add(Tensor batchLoss, Tensor? batchPenalty, Tensor batchErrors, long batchCount)
    {
        loss.add_(batchLoss, alpha: batchCount);
        errors.add_(batchErrors);
        if (batchPenalty is not null)
        {
            penalty.add_(batchPenalty, alpha: batchCount);
        }

        Samples += batchCount;
    }

    /// <summary>Means over the samples added so far; NaN where there are none.</summary>
    public Totals Read()
    {
        using var scope = torch.NewDisposeScope();
        var sums = torch.stack([loss, penalty, errors]).cpu().data<double>();
        return new(sums[0] / Samples, sums[1] / Samples, sums[2] / Samples, Samples);
    }

    public void Reset()
    {
        Samples = 0;
        foreach (var sum in Sums.Values)
        {
            sum.zero_();
        }
    }

    public void Load(IReadOnlyDictionary<string, Tensor> sums, long samples)
    {
        Samples = samples;
        foreach (var (name, sum) in Sums)
        {
            sum.copy_(sums[name]);
        }
    }

    public void Dispose()
    {
        foreach (var sum in Sums.Values)
        {
            sum.Dispose();
        }
    }

    private static Tensor Zero(Device device) => torch.zeros([], dtype: ScalarType.Float64, device: device).DetachFromDisposeScope();

    /// <summary>Means per sample.</summary>
    internal sealed record Totals(double Loss, double Penalty, double Error, long Samples);
}
