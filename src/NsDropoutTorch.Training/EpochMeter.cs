using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Sums of loss, penalty and errors that stay on the device: adding waits for nothing, and <see cref="Read"/> is the one copy to the host.
/// It outlives the dispose scope it was made in.
/// </summary>
internal sealed class EpochMeter(Device device, Objective objective) : IDisposable
{
    private readonly Tensor loss = Zero(device);
    private readonly Tensor penalty = Zero(device);
    private readonly Tensor errors = Zero(device);
    private readonly Tensor targets = Zero(device);

    public long Samples { get; private set; }

    /// <summary>The sums themselves, by name; they stay the meter's own.</summary>
    public IReadOnlyDictionary<string, Tensor> Sums => new Dictionary<string, Tensor>(StringComparer.Ordinal)
    {
        [nameof(loss)] = loss, [nameof(penalty)] = penalty, [nameof(errors)] = errors, [nameof(targets)] = targets,
    };

    /// <summary>Measures a batch.</summary>
    /// <param name="outputs">What the model gave, without gradient.</param>
    /// <param name="batchTargets">What was right.</param>
    /// <param name="batchLoss">Their mean loss.</param>
    /// <param name="batchPenalty">What was added to it; null: nothing.</param>
    public void Add(Tensor outputs, Tensor batchTargets, Tensor batchLoss, Tensor? batchPenalty = null)
    {
        var samples = batchTargets.size(0);
        if (objective.CountTargets?.Invoke(batchTargets) is { } counted)
        {
            loss.add_(batchLoss.mul(counted));
            targets.add_(counted);
        }
        else
        {
            loss.add_(batchLoss, alpha: samples);
        }

        if (objective.CountErrors is { } count)
        {
            errors.add_(count(outputs, batchTargets));
        }

        if (batchPenalty is not null)
        {
            penalty.add_(batchPenalty, alpha: samples);
        }

        Samples += samples;
    }

    /// <summary>Means over what was added so far; NaN where there is nothing, and for errors that nobody counts.</summary>
    public Totals Read()
    {
        using var scope = torch.NewDisposeScope();
        var sums = torch.stack([loss, penalty, errors, targets]).cpu().data<double>();
        var counted = objective.CountTargets is null ? Samples : sums[3];
        return new(sums[0] / counted, sums[1] / Samples, objective.CountErrors is null ? double.NaN : sums[2] / counted, Samples);
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

    /// <summary>Means; the error is NaN where the objective counts none.</summary>
    internal sealed record Totals(double Loss, double Penalty, double Error, long Samples);
}
