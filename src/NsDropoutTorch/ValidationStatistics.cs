using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// Sums and counts per class over validation activations, batch after batch, on the device they are on; memory C·F.
/// The activations themselves are kept only on request.
/// </summary>
public sealed class ValidationStatistics : IDisposable
{
    private ValidationStatistics(Tensor sums, Tensor counts, long rows)
    {
        (Sums, Counts, Rows) = (sums, counts, rows);
    }

    /// <summary>Sums per class [C, F], Float64 for Float64 activations, else Float32.</summary>
    public Tensor Sums { get; }

    /// <summary>Rows per class, Int64 [C].</summary>
    public Tensor Counts { get; }

    /// <summary>All rows V, known without asking the device.</summary>
    public long Rows { get; private set; }

    /// <summary>The rows themselves, in the order they came; null unless they were asked for.</summary>
    internal KeptActivations? Kept { get; private set; }

    /// <summary>Statistics of one batch.</summary>
    /// <param name="activations">[N, F]; copied where it is kept, so that the caller may change or dispose it.</param>
    /// <param name="labels">Class indices [N], Int64 in [0, C).</param>
    /// <param name="numClasses">Number of classes C.</param>
    /// <param name="keepActivations">Whether to keep the rows beside their statistics.</param>
    public static ValidationStatistics Of(Tensor activations, Tensor labels, long numClasses, bool keepActivations = false)
    {
        using var plain = new PlainTensors();
        using var scope = NewDisposeScope();
        var statistics = new ValidationStatistics(
            NSDropoutMath.ClassSums(activations, labels, numClasses),
            NSDropoutMath.ClassCounts(labels, numClasses),
            activations.size(0));
        if (keepActivations)
            statistics.Kept = KeptActivations.CopyOf(activations, labels);
        statistics.Sums.DetachFromDisposeScope();
        statistics.Counts.DetachFromDisposeScope();
        return statistics;
    }

    /// <summary>Adds the statistics of another batch and takes over its kept rows.</summary>
    /// <param name="other">Statistics of the same C and F, on any device.</param>
    public void Add(ValidationStatistics other)
    {
        using var plain = new PlainTensors();
        using var scope = NewDisposeScope();
        Sums.add_(other.Sums.to(Sums.dtype, Sums.device), Scalars.One);
        Counts.add_(other.Counts.to(Counts.device), Scalars.One);
        Rows += other.Rows;
        Kept = KeptActivations.Join(Kept, other.Kept);
        other.Kept = null;
    }

    /// <summary>Means per class, Σ / max(n, 1).</summary>
    /// <returns>[C, F]; a class without rows has zeros.</returns>
    public Tensor Means() => NSDropoutMath.Means(Sums, Counts);

    /// <summary>Hands the kept rows to a new owner.</summary>
    internal KeptActivations? TakeKept()
    {
        var kept = Kept;
        Kept = null;
        return kept;
    }

    /// <summary>Frees the statistics and the kept rows.</summary>
    public void Dispose()
    {
        Sums.Dispose();
        Counts.Dispose();
        Kept?.Dispose();
    }
}

/// <summary>
/// Captured rows and their labels. It is an object and not a tensor field of the layer, so that module registration does not make
/// the rows a buffer of the state dictionary.
/// </summary>
internal sealed class KeptActivations : IDisposable
{
    private readonly List<(Tensor Rows, Tensor Labels)> batches = [];

    public static KeptActivations CopyOf(Tensor activations, Tensor labels)
    {
        var kept = new KeptActivations();
        kept.batches.Add((activations.clone().DetachFromDisposeScope(), labels.clone().DetachFromDisposeScope()));
        return kept;
    }

    public static KeptActivations? Join(KeptActivations? first, KeptActivations? second)
    {
        if (first is null || second is null) return first ?? second;
        first.batches.AddRange(second.batches);
        return first;
    }

    /// <summary>All rows [V, F] in one new tensor.</summary>
    public Tensor Rows() => cat([.. batches.Select(b => b.Rows)]);

    /// <summary>All labels [V] in one new tensor.</summary>
    public Tensor Labels() => cat([.. batches.Select(b => b.Labels)]);

    public void MoveTo(Device device)
    {
        for (var i = 0; i < batches.Count; i++)
        {
            var (rows, labels) = batches[i];
            batches[i] = (Moved(rows, device), Moved(labels, device));
        }
    }

    public void Dispose()
    {
        foreach (var (rows, labels) in batches)
        {
            rows.Dispose();
            labels.Dispose();
        }

        batches.Clear();
    }

    private static Tensor Moved(Tensor tensor, Device device) =>
        tensor.to(device, disposeAfter: true).DetachFromDisposeScope();
}
